"""Settings of citations and contests. Where state law sets a floor or a ceiling, no amendment can pass it."""

from ecpd.policy.manual.types import Parameter, number, text

_ADDRESS = "Parking Citations, P.O. Box 1000, El Cerrito, CA 94530"


def _whole(name: str, rule_id: str, default: int, words: str, unit: str, low: int, high: int) -> Parameter:
    return Parameter(name, rule_id, default, words, unit, number(low, high, whole=True))


def _at_least(name: str, default: int, words: str, rule_id: str = "PK-12") -> Parameter:
    """Days that may be more than the law's, never fewer."""
    return _whole(name, rule_id, default, words, "days", default, 365)


CITATIONS = (
    _at_least("payment_due_days", 21, "A citation is due within", "PK-07"),
    _whole("drove_off_mail_days", "PK-07", 15, "A citation whose vehicle drove off is mailed within", "days", 1, 15),
    Parameter("citation_mail_address", "PK-07", _ADDRESS, "Where a payment or contest is mailed", "address", text(10, 200)),
    Parameter("citation_phone", "PK-07", "510-555-0142", "Where people call about citations", "number", text(7, 40)),
    Parameter("citation_web", "PK-07", "the city's website, under Parking", "Where people contest or ask for a plan online",
              "words", text(3, 120)),
    _at_least("review_days_after_issue", 21, "Initial review: from the day of issue"),
    _at_least("review_days_after_delinquent", 14, "Initial review: from mailing of the delinquent notice"),
    _at_least("hearing_days_after_result", 21, "Hearing: from mailing of the review's result"),
    _whole("hearing_held_within_days", "PK-12", 90, "A hearing is held within", "days", 1, 90),
    _at_least("court_days_after_decision", 30, "Superior court: from mailing or delivery of the decision"),
    _at_least("court_mail_extension_days", 5, "Superior court: added when the decision was mailed"),
    _at_least("late_fee_days_after_delinquent", 14, "Late fee: from mailing of the delinquent notice"),
    _whole("contest_tries_per_hour", "PK-12", 10, "Failed tries to open a citation online, each address", "an hour", 3, 100),
    _whole("copy_days", "PK-13", 15, "A copy that an owner asks for is sent within", "days", 1, 15),
    _whole("plan_monthly_max_dollars", "PK-14", 25, "Most a month, for who is unable to pay", "dollars", 1, 25),
    _whole("plan_months_max", "PK-14", 24, "Longest plan, for who is unable to pay", "months", 24, 60),
    _whole("plan_fee_max_dollars", "PK-14", 5, "Highest fee of a plan", "dollars", 0, 5),
    _whole("plan_debt_max_dollars", "PK-14", 500, "Most owed for which these limits hold", "dollars", 500, 5000),
    _whole("disabled_penalty_min_dollars", "PK-16", 250, "Lowest penalty, space of people with disabilities", "dollars",
           250, 1000),
    _whole("disabled_penalty_max_dollars", "PK-16", 1000, "Highest penalty, space of people with disabilities", "dollars",
           250, 1000),
)  # fmt: skip
