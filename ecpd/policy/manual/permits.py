"""Settings of parking permits; prices, durations and numbers stand in the terms of each class, under its resolution."""

from ecpd.policy.manual.types import Parameter, number


def _whole(name: str, rule_id: str, default: int, words: str, unit: str, low: int, high: int) -> Parameter:
    return Parameter(name, rule_id, default, words, unit, number(low, high, whole=True))


PERMITS = (
    _whole("permit_swaps_per_day", "PK-16", 2, "Plate changes of one permit by its holder", "a day", 1, 20),
    _whole("permit_borrowed_days", "PK-16", 30, "Longest time for a rental, loaner or temporary plate", "days", 1, 120),
    _whole("permit_link_hours", "PK-16", 24, "A link that is mailed to an applicant works for", "hours", 1, 168),
    _whole(
        "permit_tries_per_hour", "PK-16", 10, "Links asked for and wrong guest codes, each address", "an hour", 3, 100
    ),
    _whole("permit_reminder_days", "PK-16", 30, "First reminder before a permit ends", "days", 7, 90),
    _whole("permit_reminder_last_days", "PK-16", 7, "Last reminder before a permit ends", "days", 1, 30),
    _whole("permit_renewal_days", "PK-16", 60, "A permit can be renewed this long before it ends", "days", 7, 120),
)
