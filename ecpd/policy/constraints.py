"""From the name of a database constraint to the rule it stands for: `fr_13_not_applicant` is FR-13."""

import re

from django.apps import apps

from ecpd.policy.verdicts import Outcome, Verdict

NAMED_AFTER_RULE = re.compile(r"^([a-z]{2})_(\d\d)_")


def rule_of_constraint(name: str) -> Verdict | None:
    """A refusing verdict for a constraint named after a rule, or None for any other constraint."""
    if not (found := NAMED_AFTER_RULE.match(name)):
        return None
    rule_id = f"{found[1].upper()}-{found[2]}"
    return Verdict(rule_id, Outcome.UNMET, _sentence(name), "The database holds this rule by itself.")


def _sentence(name: str) -> str:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return str(constraint.violation_error_message)
    return "The database refuses this."
