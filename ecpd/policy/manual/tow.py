"""Settings of hotlists, abandoned vehicles and tows. Where the law sets a floor or a ceiling, no amendment passes it."""

from ecpd.policy.manual.types import Parameter, number, text


def _hours(name: str, rule_id: str, default: int, words: str, low: int, high: int) -> Parameter:
    return Parameter(name, rule_id, default, words, "hours", number(low, high, whole=True))


TOW = (
    Parameter("hotlist_days_max", "PK-01", 90, "A hotlist or entry lasts at most, before it is renewed", "days",
              number(1, 366, whole=True)),
    _hours("stored_hours", "PK-04", 72, "A vehicle counts as stored after", 72, 720),
    Parameter("stored_ordinance", "PK-04", "", "City ordinance that lets a stored vehicle be removed; without it none is",
              "section", text(0, 120)),
    _hours("warning_hours_stored", "PK-04", 72, "Stored: from the marked warning to the second look", 24, 720),
    _hours("warning_hours_abandoned", "PK-04", 72, "Abandoned: from the marked warning to the second look", 24, 720),
    _hours("warning_hours_hulk", "PK-04", 0, "Hulk: from the marked warning to the second look", 0, 720),
    Parameter("moved_miles_min", "PK-04", 0.5, "A vehicle has moved when it went at least", "miles", number(0.01, 5)),
    _hours("long_stay_gap_hours", "PK-04", 30, "Reads farther apart do not make one long stay", 1, 72),
    _hours("tow_notice_hours", "PK-10", 48, "Owners' notice, without weekends and holidays: within", 1, 48),
    Parameter("tow_hearing_ask_days", "PK-10", 10, "A hearing is asked for within, from the date of the notice", "days",
              number(10, 90, whole=True)),
    _hours("tow_hearing_held_hours", "PK-10", 48, "A hearing is held, without weekends and holidays, within", 1, 48),
    Parameter("tow_hearing_contact", "PK-10", "Parking enforcement, 510-555-0142", "How owners ask for a tow hearing",
              "words", text(5, 200)),
)  # fmt: skip
