"""PurposeException: why a face that was searched for as no suspect has a way to a warrant after all (FR-12)."""

import pgtrigger
from django.conf import settings
from django.db import models

from cases.models.by_name import by_name
from ecpd.audit.records import Ledger, guard, recorded_now, refuse
from ecpd.checks.json_field import JSONField
from ecpd.policy.models import Decision
from leads.models.late import in_matter
from leads.models.lead import CASE_OF_LEAD, Lead, not_excepted, open_purposes
from leads.models.parts import had_a_part

BY_A_CAPTAIN = f"""
IF NOT ecpd_has_role(NEW.captain_id, 'captain') OR NOT ecpd_says_something(NEW.reason) THEN
    {refuse("FR-12", "A captain says, in words, why this face has a way to a warrant.")}
END IF;
IF {had_a_part("NEW.captain_id", "NEW.lead_id")} THEN
    {refuse("FR-12", "Who had a part in a lead does not open its way to a warrant.")}
END IF;
IF NOT {not_excepted("NEW.lead_id")} THEN
    {refuse("FR-12", "This face was searched for as a suspect only, or that is excepted; nothing is to be excepted.")}
END IF;
"""
# Which searches it is about says the database: those that stand open as it is written, and none that comes later, or into
# the matter later.
NAMES_ITS_SEARCHES = f"""
NEW.searches := (SELECT COALESCE(jsonb_agg(o.id ORDER BY o.id), '[]') FROM ({open_purposes("NEW.lead_id")}) o);
"""


class PurposeException(Ledger):
    """A captain's recorded reason; the packet prints it beside the searches it is about: those that stood open then."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="purpose_exceptions")
    captain = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("why it has a way to a warrant")
    searches = JSONField(
        shape={"each": "n"}, null=True, blank=True, editable=False,
        help_text="Set by the database: the searches it is about. Nothing in a reason of an older release.",
    )  # fmt: skip
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        triggers = [
            *Ledger.Meta.triggers,
            in_matter(CASE_OF_LEAD.format("NEW.lead_id")),
            by_name("captain_id", case=CASE_OF_LEAD.format("NEW.lead_id")),
            guard("fr_12_by_a_captain", BY_A_CAPTAIN, on=pgtrigger.Insert),
            guard("fr_12_names_its_searches", NAMES_ITS_SEARCHES, on=pgtrigger.Insert),
            recorded_now("fr_13_excepted_now", "at"),
        ]
        verbose_name = "exception of purpose"
        verbose_name_plural = "exceptions of purpose"

    def __str__(self) -> str:
        return f"{self.lead} may go on, by {self.captain}"

    @property
    def case(self):
        """The lead's case."""
        return self.lead.case
