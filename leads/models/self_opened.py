"""Cases that who searches in them opened himself: a captain accepts or refuses one, and what comes of a refusal (FR-02)."""

import pgtrigger
from django.conf import settings
from django.db import models

from cases.models import Case
from cases.models.by_name import by_name
from ecpd.audit.anchors import ADDED, in_case
from ecpd.audit.functions import of_an_app
from ecpd.audit.records import Ledger, at_commit, guard, recorded_now, refuse
from ecpd.policy.models import Decision
from leads.models.late import in_matter
from leads.models.search import SearchRequest
from leads.models.self_opened_v1 import SELF_OPENED

of_an_app(SELF_OPENED)
BY_A_CAPTAIN = f"""
IF NOT ecpd_has_role(NEW.captain_id, 'captain') OR NOT ecpd_says_something(NEW.reason) THEN
    {refuse("FR-02", "A captain accepts or refuses a case that who searches opened himself, in words.")}
END IF;
IF EXISTS (SELECT 1 FROM public.ecpd_matter(NEW.case_id) m(id) JOIN cases_case k ON k.id = m.id
           WHERE k.opened_by_id = NEW.captain_id)
   OR EXISTS (SELECT 1 FROM public.ecpd_matter(NEW.case_id) m(id) JOIN leads_searchrequest s ON s.case_id = m.id
              WHERE s.requested_by_id = NEW.captain_id) THEN
    {refuse("FR-02", "Who opened a case of the matter or searched in it accepts none of it.")}
END IF;
"""
# A refused case may be accepted later, for searches to come; what was accepted is not refused afterward.
ONCE = f"""
IF EXISTS (SELECT 1 FROM leads_caseacceptance a WHERE a.case_id = NEW.case_id AND (a.accepted OR NOT NEW.accepted)) THEN
    {refuse("FR-02", "This case is accepted or refused already.")}
END IF;
"""


class CaseAcceptance(Ledger):
    """A captain's yes or no to a case in which its opener searches for a face, with reasons."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acceptances")
    accepted = models.BooleanField()
    captain = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("why, or why not")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        triggers = [
            *Ledger.Meta.triggers,
            in_matter("NEW.case_id"),
            by_name("captain_id"),
            guard("fr_02_accepted_by_a_captain", BY_A_CAPTAIN, on=pgtrigger.Insert),
            guard("fr_02_accepted_once", ONCE, on=pgtrigger.Insert),
            recorded_now("fr_02_accepted_now", "at"),
        ]
        verbose_name = "acceptance of a case"
        verbose_name_plural = "acceptances of cases"

    def __str__(self) -> str:
        return f"{self.case} {'accepted' if self.accepted else 'refused'} by {self.captain}"


CASE_OF_SEARCH = "SELECT s.case_id FROM leads_searchrequest s WHERE s.id = NEW.search_id"
AS_IT_STANDS = f"""
IF NEW.ground IS DISTINCT FROM public.ecpd_self_opened(NEW.search_id) OR NOT EXISTS (
        SELECT 1 FROM leads_searchrequest s WHERE s.id = NEW.search_id AND s.state = 'done') THEN
    {refuse("FR-02", "A result is veiled whose case a captain refused, or did not accept in time.")}
END IF;
"""
NOBODY_COMPARES = f"""
IF EXISTS (SELECT 1 FROM leads_candidate c JOIN leads_examinationrequest r ON r.candidate_id = c.id
           WHERE c.search_id = NEW.search_id AND r.state = 'open') THEN
    {refuse("FR-02", "Who was drawn to compare what is veiled waits no more: the request ends with the veil.")}
END IF;
"""


class Veil(Ledger):
    """A search's result that nobody sees any more but the auditor and who discloses it; nothing lifts it."""

    class Ground(models.TextChoices):
        """What happened, as `ecpd_self_opened` says it."""

        REFUSED = "refused", "A captain refused the case"
        LATE = "late", "No captain accepted the case in time"

    search = models.OneToOneField(SearchRequest, on_delete=models.PROTECT, related_name="veil")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        triggers = [
            *Ledger.Meta.triggers,
            in_case(CASE_OF_SEARCH, on=ADDED),
            guard("fr_02_veiled_for_a_reason", AS_IT_STANDS, on=pgtrigger.Insert),
            recorded_now("fr_02_veiled_now", "at"),
            at_commit("fr_02_nobody_compares", NOBODY_COMPARES, on=pgtrigger.Insert),
        ]
        verbose_name = "veiled result"
        verbose_name_plural = "veiled results"

    def __str__(self) -> str:
        return f"Result of {self.search.number}, veiled"

    @property
    def case(self):
        """The case of the search."""
        return self.search.case
