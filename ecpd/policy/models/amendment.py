"""Amendment: a change of the manual's parameters, proposed by one person and decided by the chief (AU-04)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ecpd.audit.fixed import while_in
from ecpd.audit.records import Record, at_commit, guard, refuse, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
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
# The database stamps when something was proposed: fourteen public days are counted from there.
STARTS_PROPOSED = f"""
NEW.proposed_at := ecpd_now();
IF NEW.state <> 'proposed' OR NEW.effective_at IS NOT NULL THEN
    {refuse("AU-04", "An amendment begins as a proposal.")}
END IF;
IF jsonb_typeof(NEW.changes) <> 'object' OR NEW.changes = '{{}}' THEN
    {refuse("AU-04", "An amendment names at least one setting.")}
END IF;
FOR wanted IN SELECT key, value FROM jsonb_each(NEW.changes) LOOP
    SELECT * INTO setting FROM policy_releasedefault d WHERE d.name = wanted.key;
    IF NOT FOUND OR NOT ecpd_setting_fits(wanted.value, setting.bounds) THEN
        {refuse("AU-04", "A proposed value is of a setting that the manual knows, and within its bounds.")}
    END IF;
    IF NEW.proposed_by_id IS NULL AND (NEW.before <> '{{}}' OR setting.value <> wanted.value
                                       OR ecpd_manual_at('infinity') ? wanted.key) THEN
        {refuse("AU-04", "A release proposes the settings that are new with it, with its own defaults.")}
    END IF;
END LOOP;
"""
# Approved: the moment is the database's, the old values must still be those it was proposed against, and what the
# council was promised is loosened only after the council had it for fourteen days. One amendment at a time: the oldest
# row is the anchor that everybody who approves holds.
TAKES_EFFECT = f"""
IF NEW.state = 'approved' AND OLD.state = 'proposed' THEN
    PERFORM 1 FROM policy_amendment WHERE id = (SELECT min(id) FROM policy_amendment) FOR UPDATE;
    NEW.decided_at := ecpd_now();
    NEW.effective_at := greatest(NEW.effective_on::timestamp AT TIME ZONE 'America/Los_Angeles', NEW.decided_at);
    manual := ecpd_manual_at(NEW.effective_at);
    FOR wanted IN SELECT key, value FROM jsonb_each(NEW.changes) LOOP
        SELECT * INTO setting FROM policy_releasedefault d WHERE d.name = wanted.key;
        now_in_force := COALESCE(manual -> wanted.key, setting.value);
        IF NEW.proposed_by_id IS NOT NULL AND (NEW.before -> wanted.key) IS DISTINCT FROM now_in_force THEN
            {refuse("AU-04", "A setting is not what it was when this was proposed; propose again.")}
        END IF;
        IF setting.announced AND ecpd_loosens(setting.loosens, now_in_force, wanted.value)
           AND (NOT ecpd_says_something(NEW.council_item) OR NEW.effective_at < NEW.proposed_at + interval '14 days') THEN
            {refuse("AU-04", "Loosening what was announced needs the council item's number and 14 public days.")}
        END IF;
    END LOOP;
ELSIF NEW.effective_at IS DISTINCT FROM OLD.effective_at THEN
    {refuse("AU-04", "An amendment takes effect when it is approved.")}
END IF;
"""
# An approval without its version would take effect whenever somebody writes one, and a version that was approved earlier
# and begins later would undo it.
CARRIED_OUT = f"""
IF NEW.state = 'approved' AND OLD.state = 'proposed' THEN
    PERFORM 1 FROM policy_amendment WHERE id = (SELECT min(id) FROM policy_amendment) FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM policy_amendment a
        WHERE a.state = 'approved' AND (a.id = NEW.id OR a.effective_at > NEW.effective_at)
          AND ecpd_manual_at(a.effective_at) IS DISTINCT FROM (
              SELECT v.parameters FROM policy_manualversion v WHERE v.amendment_id = a.id ORDER BY v.id DESC LIMIT 1)
    ) THEN
        {refuse("AU-04", "With an approval its version is written, and those that begin later are written anew.")}
    END IF;
END IF;
"""
A_SETTING = [("wanted", "record"), ("setting", "policy_releasedefault%ROWTYPE")]


class Amendment(Record):
    """A proposed change: {parameter: new value}, the values it was proposed against, a reason, a date.

    One without a proposer is a release's: it puts the settings that are new with the software before the chief.
    """

    may_change = {"state": while_in("state", "proposed")}

    class State(models.TextChoices):
        """Where a proposal stands."""

        PROPOSED = "proposed", "Waits for the chief"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    changes = JSONField(shape="o", help_text="Parameter name to its new value.")
    before = JSONField(shape="o", default=dict, help_text="Parameter name to the value it was proposed against.")
    reason = models.TextField()
    effective_on = models.DateField()
    effective_at = models.DateTimeField(null=True, blank=True, help_text="Stamped when it is approved.")
    council_item = models.CharField("council item", max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    once = ("effective_at", "decided_by_id", "decided_at", "decision_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                name="au_04_decided_for_a_reason",
                condition=Q(state="proposed") | says("decision_reason"),
                violation_error_message="Whoever decides on an amendment, or takes it back, says why (AU-04).",
            ),
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
            models.CheckConstraint(
                name="au_04_withdrawn_by_its_proposer",
                condition=~Q(state="withdrawn") | Q(decided_by=F("proposed_by")),
                violation_error_message="Only who proposed an amendment withdraws it (AU-04).",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            guard("au_04_starts_proposed", STARTS_PROPOSED, on=pgtrigger.Insert, declare=A_SETTING),
            guard("au_04_once_decided", ONCE_DECIDED, on=pgtrigger.Update),
            guard("au_04_decided_by_chief", DECIDED_BY_CHIEF, on=pgtrigger.Insert | pgtrigger.Update),
            guard(
                "au_04_takes_effect",
                TAKES_EFFECT,
                on=pgtrigger.Update,
                declare=[*A_SETTING, ("manual", "jsonb"), ("now_in_force", "jsonb")],
            ),
            at_commit("au_04_carried_out", CARRIED_OUT, on=pgtrigger.Update),
            unchanged(
                "au_04_proposal_fixed",
                ["changes", "before", "reason", "effective_on", "council_item", "proposed_by_id", "proposed_at"],
                "AU-04",
                "A proposal cannot be rewritten; withdraw it and propose another.",
            ),
        ]

    @property
    def is_of_release(self) -> bool:
        """Whether the software brought it, not a person."""
        return self.proposed_by_id is None

    @property
    def proposer(self) -> str:
        """Who proposed it, in words."""
        return self.proposed_by.display_name if self.proposed_by else "this release of the software"

    def __str__(self) -> str:
        return "; ".join(f"{_words(name)}: {setting(value)}" for name, value in self.changes.items())


def _words(name: str) -> str:
    return PARAMETERS[name].words.partition(";")[0] if name in PARAMETERS else name
