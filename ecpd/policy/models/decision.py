"""Decision: one answer of the policy door, allowed or denied, kept for ever (AU-03)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger, guard, recorded_now, refuse
from ecpd.checks.json_field import JSONField
from ecpd.policy.verdicts import BLOCKING, Outcome
from ecpd.web.words import action as action_words

# Whoever forges a decision must at least name somebody who may. A manual that takes effect while a page waits for its
# lock leaves the one before a moment.
WHO_MAY = f"""
IF NEW.outcome = 'allowed' AND NOT public.ecpd_opens(NEW.actor_id, NEW.action) THEN
    {refuse("AC-08", "A decision that allows is on an act that a role of its actor opens.")}
END IF;
"""
# Whether the version that a new row names is the one in force; a page may have read it a moment ago.
NAMES_THE_MANUAL_IN_FORCE = """EXISTS (
        SELECT 1 FROM policy_manualversion v WHERE v.id = NEW.manual_version_id AND v.effective_from <= ecpd_now()
        AND NOT EXISTS (SELECT 1 FROM policy_manualversion w WHERE (w.effective_from, w.id) > (v.effective_from, v.id)
                        AND w.effective_from <= ecpd_now() - interval '1 minute'))"""
MANUAL_IN_FORCE = f"""
IF NEW.outcome = 'allowed' AND NOT {NAMES_THE_MANUAL_IN_FORCE} THEN
    {refuse("AU-03", "A decision that allows is made under the manual in force.")}
END IF;
"""


_ANSWERS = ", ".join(f"'{one.value}'" for one in Outcome)
_NO_TEXT = " OR ".join(f"v ? '{name}' AND jsonb_typeof(v -> '{name}') <> 'string'" for name in ("sentence", "remedy"))
# Pages of the manual, of the auditor and of the person read them: one row that they cannot read would stop them for good.
IN_SHAPE = f"""
IF jsonb_typeof(NEW.verdicts) IS DISTINCT FROM 'array' OR jsonb_typeof(NEW.parameters) IS DISTINCT FROM 'object'
   OR EXISTS (SELECT 1 FROM jsonb_array_elements(CASE jsonb_typeof(NEW.verdicts) WHEN 'array' THEN NEW.verdicts END) v
              WHERE jsonb_typeof(v) <> 'object' OR jsonb_typeof(v -> 'rule_id') IS DISTINCT FROM 'string'
                 OR jsonb_typeof(v -> 'outcome') IS DISTINCT FROM 'string' OR v ->> 'outcome' NOT IN ({_ANSWERS})
                 OR {_NO_TEXT}) THEN
    {refuse("AU-03", "A decision keeps each rule's id and answer, in words, and the settings that were read.")}
END IF;
"""


class Decision(Ledger):
    """Who asked for what, when, what every rule said, and under which version of the manual."""

    class Outcome(models.TextChoices):
        """The door's answer."""

        ALLOWED = "allowed", "Allowed"
        DENIED = "denied", "Denied"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    case_number = models.CharField(max_length=20, blank=True, db_index=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, db_index=True)
    verdicts = JSONField(
        shape={"each": {"keys": {"rule_id": "s", "outcome": "s", "sentence?": "s", "remedy?": "s"}}},
        help_text="Each rule's id, outcome, sentence and remedy.",
    )
    justification = models.TextField(blank=True)
    parameters = JSONField(shape="o", default=dict, help_text="The parameters that the rules read, with their values.")
    manual_version = models.ForeignKey("policy.ManualVersion", on_delete=models.PROTECT, related_name="decisions")
    ip_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="decision_subject"),
            models.Index(fields=["action", "outcome"], name="decision_action_outcome"),
        ]

        triggers = [
            *Ledger.Meta.triggers,
            recorded_now("au_03_made_now", "at"),
            guard("au_03_in_shape", IN_SHAPE, on=pgtrigger.Insert),
            guard("ac_08_who_may", WHO_MAY, on=pgtrigger.Insert),
            guard("au_03_manual_in_force", MANUAL_IN_FORCE, on=pgtrigger.Insert),
        ]
        constraints = [
            models.CheckConstraint(
                name="au_03_allowed_when_met",
                condition=~Q(outcome="allowed")
                | ~Q(*(Q(verdicts__contains=[{"outcome": one.value}]) for one in BLOCKING), _connector=Q.OR),
                violation_error_message="The door opens when every rule is met.",
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.pk}: {action_words(self.action)}, {self.get_outcome_display().lower()}"

    @property
    def denied(self) -> bool:
        """Whether the door stayed shut."""
        return self.outcome == self.Outcome.DENIED

    @property
    def rule_ids(self) -> list[str]:
        """The rules that stood in the way, or all that were asked when none did."""
        kept = [v for v in self.verdicts if isinstance(v, dict)] if isinstance(self.verdicts, list) else []
        asked = [v for v in kept if isinstance(v.get("rule_id"), str)]
        blocking = [v["rule_id"] for v in asked if v.get("outcome") not in ("met", "by_construction")]
        return blocking or [v["rule_id"] for v in asked]
