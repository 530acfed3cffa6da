"""LeadSignoff: a third person, who had no part in it, looked at a lead before it is marked (FR-08, where the manual asks)."""

import pgtrigger
from django.conf import settings
from django.db import models

from cases.models.by_name import by_name
from ecpd.audit.anchors import in_case
from ecpd.audit.records import Ledger, guard, refuse
from ecpd.policy.models import Decision
from leads.models.lead import CASE_OF_LEAD, Lead
from leads.models.parts import decided_on_it, excepted, had_a_part

NO_PART = f"""
IF NOT ecpd_has_role(NEW.supervisor_id, 'captain') OR NOT ecpd_says_something(NEW.reasons) THEN
    {refuse("FR-08", "A captain signs off on a lead, in words.")}
END IF;
IF {had_a_part("NEW.supervisor_id", "NEW.lead_id")} THEN
    {refuse("FR-08", "Who had a part in a lead does not sign off on it.")}
END IF;
IF {decided_on_it("NEW.supervisor_id", "NEW.lead_id")} OR {excepted("NEW.supervisor_id", "NEW.lead_id")} THEN
    {refuse("FR-08", "Who decided as a captain about this face does not sign off on it as a third person.")}
END IF;
"""


class LeadSignoff(Ledger):
    """A captain's signature on a lead, with what was looked at."""

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="signoff")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField("what was looked at")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        triggers = [
            *Ledger.Meta.triggers,
            in_case(CASE_OF_LEAD.format("NEW.lead_id"), on=pgtrigger.Insert),
            by_name("supervisor_id", case=CASE_OF_LEAD.format("NEW.lead_id")),
            guard("fr_08_third_person", NO_PART, on=pgtrigger.Insert),
        ]
        verbose_name = "third signature"
        verbose_name_plural = "third signatures"

    def __str__(self) -> str:
        return f"{self.lead} signed off by {self.supervisor}"

    @property
    def case(self):
        """The lead's case."""
        return self.lead.case
