"""SearchReplay: the same comparison again, over the gallery as it was, and whether the list came out the same."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.by_name import by_name
from ecpd.audit.anchors import in_case
from ecpd.audit.records import Ledger, guard, recorded_now, refuse
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from leads.models.search import SearchRequest

REPLAYED = f"""
IF NOT EXISTS (SELECT 1 FROM leads_searchrequest s WHERE s.id = NEW.search_id AND s.state = 'done') THEN
    {refuse("FR-14", "Only a search with a result is replayed.")}
END IF;
IF NEW.by_id IS NULL OR NEW.decision_id IS NULL THEN
    {refuse("FR-14", "A replay says who made it, under which decision.")}
END IF;
"""


class SearchReplay(Ledger):
    """One replay. `by` and `decision` are unknown for some that were made before replays were rows of their own."""

    search = models.ForeignKey(SearchRequest, on_delete=models.PROTECT, related_name="replays")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    same = models.BooleanField()
    differs = models.TextField("what differed", blank=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="fr_14_replay_says_what_differs",
                condition=Q(same=True, differs="") | (Q(same=False) & says("differs")),
                violation_error_message="A replay that differs says what differed (FR-14).",
            )
        ]
        triggers = [
            *Ledger.Meta.triggers,
            in_case("SELECT s.case_id FROM leads_searchrequest s WHERE s.id = NEW.search_id", on=pgtrigger.Insert),
            by_name("by_id", case="SELECT s.case_id FROM leads_searchrequest s WHERE s.id = NEW.search_id"),
            guard("fr_14_replayed", REPLAYED, on=pgtrigger.Insert),
            recorded_now("fr_13_replayed_now", "at"),
        ]

    def __str__(self) -> str:
        return f"Replay {self.pk} of {self.search.number}"

    @property
    def case(self):
        """The case of the search."""
        return self.search.case
