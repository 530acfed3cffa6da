"""Identity: who the person of a lead is, said by somebody, from an exhibit, and checked by another (FR-26).

The lead goes on saying "possibly …". An identity is never changed: it is disputed or withdrawn by an answer of its own.
"""

import pgtrigger
from django.conf import settings
from django.db import models

from cases.models import Evidence
from cases.models.by_name import by_name
from cases.models.one_case import one_case
from ecpd.audit.records import Ledger, at_commit, guard, recorded_now, refuse
from ecpd.policy.models import Decision
from leads.models.late import in_matter
from leads.models.lead import CASE_OF_LEAD, Lead

OF_IDENTITY = "(SELECT i.lead_id FROM leads_identity i WHERE i.id = NEW.identity_id)"


def stands(identity: str) -> str:
    """SQL: whether an identity (SQL for its id) is checked by a second person, and neither disputed nor withdrawn."""
    return f"""EXISTS (SELECT 1 FROM leads_identity i JOIN cases_evidence e ON e.id = i.evidence_id
        WHERE i.id = {identity} AND e.withdrawn_at IS NULL
          AND EXISTS (SELECT 1 FROM leads_identityanswer y WHERE y.identity_id = i.id AND y.outcome = 'agrees')
          AND NOT EXISTS (SELECT 1 FROM leads_identityanswer y WHERE y.identity_id = i.id AND y.outcome <> 'agrees'))"""


SOURCED = f"""
IF NOT public.ecpd_says_something(NEW.name) OR NOT public.ecpd_says_something(NEW.how) THEN
    {refuse("FR-26", "Who the person of a lead is has a name, and says how one knows.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
           JOIN leads_searchrequest s ON s.id = c.search_id WHERE l.id = NEW.lead_id
           AND NEW.evidence_id IN (SELECT public.ecpd_kin(ARRAY[s.probe_id]))) THEN
    {refuse("FR-26", "The picture that was searched with does not say who its person is.")}
END IF;
IF EXISTS (SELECT 1 FROM cases_evidence e WHERE e.id = NEW.evidence_id AND e.withdrawn_at IS NOT NULL) THEN
    {refuse("FR-26", "An exhibit that was withdrawn does not say who somebody is.")}
END IF;
"""
CHECKED = f"""
IF NOT public.ecpd_says_something(NEW.reason) THEN
    {refuse("FR-26", "Who checks or disputes who somebody is says why.")}
END IF;
IF NEW.outcome = 'agrees' AND EXISTS (SELECT 1 FROM leads_identity i WHERE i.id = NEW.identity_id
                                      AND i.entered_by_id = NEW.by_id) THEN
    {refuse("FR-26", "Who somebody is, is checked by a person who did not enter it.")}
END IF;
"""
FALLS_BACK = f"""
IF NEW.outcome <> 'agrees' AND EXISTS (SELECT 1 FROM leads_warrantapplication a
        WHERE a.identity_id = NEW.identity_id AND a.state = 'submitted' AND a.asks_for = 'arrest') THEN
    {refuse("FR-26", "An application to arrest does not wait on a person whose identity is disputed or withdrawn.")}
END IF;
"""


class Identity(Ledger):
    """Who somebody says the person of a lead is: the name, the date of birth, and from which exhibit."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="identities")
    name = models.CharField(max_length=160)
    date_of_birth = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="+", verbose_name="from which exhibit"
    )
    how = models.TextField("how one knows")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        triggers = [
            *Ledger.Meta.triggers,
            in_matter(CASE_OF_LEAD.format("NEW.lead_id")),
            one_case({"evidence_id": "cases_evidence"}, case=CASE_OF_LEAD.format("NEW.lead_id")),
            by_name("entered_by_id", case=CASE_OF_LEAD.format("NEW.lead_id")),
            guard("fr_26_sourced", SOURCED, on=pgtrigger.Insert),
            recorded_now("fr_26_entered_now", "entered_at"),
        ]
        verbose_name = "identity of a person"
        verbose_name_plural = "identities of people"

    def __str__(self) -> str:
        born = f", born {self.date_of_birth:%B %-d, %Y}" if self.date_of_birth else ""
        return f"{self.name}{born}"

    @property
    def case(self):
        """The lead's case."""
        return self.lead.case


class IdentityAnswer(Ledger):
    """What somebody says of an identity: a second person agrees; anybody disputes it; who entered it withdraws it."""

    class Outcome(models.TextChoices):
        """What is said of it."""

        AGREES = "agrees", "Checked: it is this person"
        DISPUTED = "disputed", "Disputed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField("why")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        triggers = [
            *Ledger.Meta.triggers,
            in_matter(CASE_OF_LEAD.format(OF_IDENTITY)),
            by_name("by_id", case=CASE_OF_LEAD.format(OF_IDENTITY)),
            guard("fr_26_checked_by_another", CHECKED, on=pgtrigger.Insert),
            recorded_now("fr_26_answered_now", "at"),
            at_commit("fr_26_falls_back", FALLS_BACK, on=pgtrigger.Insert),
        ]
        verbose_name = "answer on an identity"
        verbose_name_plural = "answers on identities"

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.identity}"

    @property
    def case(self):
        """The lead's case."""
        return self.identity.lead.case
