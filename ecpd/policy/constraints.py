"""From the name of a database constraint to what a person reads: `fr_13_not_applicant` is a refusal under FR-13."""

import re

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from ecpd.policy.verdicts import Outcome, Verdict
from ecpd.problem import NotAccepted

NAMED_AFTER_RULE = re.compile(r"^([a-z]{2})_(\d\d)_")
BY_A_GUARD = re.compile(r"^([A-Z]{2}-\d\d): (.+)$", re.MULTILINE)
CHECK_VIOLATION = "23514"
NO_WORDS = "The database refuses this."


def refusal_of(error: IntegrityError) -> Verdict | None:
    """The database's own refusal as a verdict, when a guard or a constraint named after a rule refused."""
    if found := BY_A_GUARD.search(str(error)):
        return Verdict(found[1], Outcome.UNMET, found[2], "Ask for the step that is missing.")
    return rule_of_constraint(_constraint(error))


def mistake_of(error: IntegrityError) -> ValidationError | None:
    """What is wrong with a value that a CHECK without a rule refused; None for any other error."""
    name = _constraint(error)
    if getattr(error.__cause__, "sqlstate", None) != CHECK_VIOLATION or not name or NAMED_AFTER_RULE.match(name):
        return None
    said = _sentence(name)
    return ValidationError(said if said != NO_WORDS else _of_a_guard(error), code="check")


def _of_a_guard(error: IntegrityError) -> str:
    """A guard that stands for no rule raises its sentence itself; a CHECK's message is the database's own."""
    said = getattr(getattr(error.__cause__, "diag", None), "message_primary", None) or ""
    return said if said.startswith("“") else NO_WORDS


def problem_of(error: IntegrityError) -> NotAccepted | None:
    """The answer to a refusal that no door turned into a denial; None for an error that no CHECK or guard raised."""
    if verdict := refusal_of(error):
        return NotAccepted(f"{verdict.sentence} ({verdict.rule_id})")
    mistake = mistake_of(error)
    return NotAccepted(" ".join(mistake.messages)) if mistake else None


def rule_of_constraint(name: str) -> Verdict | None:
    """A refusing verdict for a constraint named after a rule, or None for any other constraint."""
    if not (found := NAMED_AFTER_RULE.match(name)):
        return None
    rule_id = f"{found[1].upper()}-{found[2]}"
    return Verdict(rule_id, Outcome.UNMET, _sentence(name), "The database holds this rule by itself.")


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def _sentence(name: str) -> str:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return _words(constraint)
    return NO_WORDS


def _words(constraint: models.BaseConstraint) -> str:
    said = str(constraint.get_violation_error_message())
    unsaid = str(constraint.default_violation_error_message) % {"name": constraint.name}
    return said if said != unsaid else NO_WORDS
