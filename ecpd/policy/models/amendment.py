"""Amendment: a change of the manual's parameters, proposed by one person and decided by the chief (AU-04)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ecpd.audit.records import Record, guard, refuse, unchanged
from ecpd.policy.manual import PARAMETERS
from ecpd.web.words import setting

DECIDED_BY_CHIEF = f"""
IF NEW.state IN ('approved', 'rejected') THEN
    IF NOT ecpd_has_role(NEW.decided_by_id, 'chief') THEN
        {refuse("AU-04", "Only the chief approves or rejects an amendment.")}
    END IF;
END IF;
"""
ONCE_DECIDED = f"""
IF OLD.state <> 'proposed' THEN {refuse("AU-04", "A decided amendment cannot be changed.")} END IF;
"""
STARTS_PROPOSED = f"""
IF NEW.state <> 'proposed' THEN {refuse("AU-04", "An amendment begins as a proposal.")} END IF;
"""


class Amendment(Record):
    """A proposed change: {parameter: new value}, a reason, and a date from which it holds."""

    class State(models.TextChoices):
        """Where a proposal stands."""

        PROPOSED = "proposed", "Waits for the chief"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    changes = models.JSONField(help_text="Parameter name to its new value.")
    reason = models.TextField()
    effective_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                name="au_04_two_people",
                condition=Q(decided_by__isnull=True) | Q(state="withdrawn") | ~Q(decided_by=F("proposed_by")),
                violation_error_message="Who proposed an amendment cannot decide it (AU-04).",
            ),
            models.CheckConstraint(
                name="au_04_decided_with_reason",
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            guard("au_04_starts_proposed", STARTS_PROPOSED, on=pgtrigger.Insert),
            guard("au_04_once_decided", ONCE_DECIDED, on=pgtrigger.Update),
            guard("au_04_decided_by_chief", DECIDED_BY_CHIEF, on=pgtrigger.Insert | pgtrigger.Update),
            unchanged(
                "au_04_proposal_fixed",
                ["changes", "reason", "effective_on", "proposed_by_id"],
                "AU-04",
                "A proposal cannot be rewritten; withdraw it and propose another.",
            ),
        ]

    def __str__(self) -> str:
        return "; ".join(f"{_words(name)}: {setting(value)}" for name, value in self.changes.items())


def _words(name: str) -> str:
    return PARAMETERS[name].words if name in PARAMETERS else name
