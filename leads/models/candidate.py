"""Candidate: one face of a search's list, as it was on that day."""

import pgtrigger
from django.db import models
from django.urls import reverse

from ecpd.audit.anchors import anchored
from ecpd.audit.records import Ledger, guard, refuse
from ecpd.checks.json_field import HAPPENED, JSONField
from leads.models.face import GalleryFace
from leads.models.photo import is_of
from leads.models.search import GROUNDS_NEED, SearchRequest, grounds, named_on_the_case, probe, requester
from leads.models.shapes import SNAPSHOT

# Who opts out holds every source, who withdraws one holds it: either is waited for, and waits for the list.
NEVER_OPTED_OUT = f"""
PERFORM 1 FROM leads_gallerysource s ORDER BY s.id FOR SHARE;
IF EXISTS (SELECT 1 FROM leads_galleryface f JOIN leads_galleryphoto p ON p.id = f.photo_id
           WHERE f.id = NEW.face_id AND (NOT p.active OR EXISTS (
               SELECT 1 FROM leads_optout o WHERE o.withdrawn_at IS NULL AND {is_of("p")}))) THEN
    {refuse("FR-06", "A photo whose subject opted out is never returned.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM leads_facevector v JOIN leads_gallerysource s ON s.id = v.source_id
               WHERE v.face_id = NEW.face_id AND v.active AND v.embedding IS NOT NULL AND s.withdrawn_at IS NULL) THEN
    {refuse("FR-05", "Only a face is returned that has a template in use, of a source that stands.")}
END IF;
"""

LIST_IS_CLOSED = f"""
IF EXISTS (SELECT 1 FROM leads_searchrequest s WHERE s.id = NEW.search_id
           AND s.state IN ('done', 'failed', 'cancelled', 'refused')) THEN
    {refuse("FR-14", "The list of a search that is over takes no more candidates.")}
END IF;
"""

# Whoever may not search any more gets no list either, however the rows arrive.
ASKER_STILL_MAY = (
    "SELECT * INTO asked FROM leads_searchrequest WHERE id = NEW.search_id;"
    + requester("asked")
    + grounds("asked")
    + probe("asked")
    + named_on_the_case("asked")
)


# The case of a candidate whose id the SQL gives, for anchors.
CASE_OF_CANDIDATE = (
    "SELECT s.case_id FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id WHERE c.id = {}"
)


class Candidate(Ledger):
    """Rank, cosine and match score of a gallery face. `match_score` is the stricter end, the one FR-07 tests."""

    search = models.ForeignKey(SearchRequest, on_delete=models.PROTECT, related_name="candidates")
    rank = models.PositiveSmallIntegerField()
    face = models.ForeignKey(GalleryFace, on_delete=models.PROTECT, related_name="candidates")
    cosine = models.FloatField()
    match_score = models.DecimalField(max_digits=6, decimal_places=3)
    score_high = models.DecimalField(max_digits=6, decimal_places=3)
    standout = models.FloatField(null=True, blank=True)
    snapshot = JSONField(
        shape=SNAPSHOT,
        help_text="The photo's source, page, caption, name, date and hash on the day.",
        dates={"$.captured_on": HAPPENED, "$.imported_at": HAPPENED},
    )

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["search_id", "rank"]
        constraints = [
            models.UniqueConstraint(name="candidate_rank_once", fields=["search", "rank"]),
            models.UniqueConstraint(name="candidate_face_once", fields=["search", "face"]),
        ]
        triggers = [
            *Ledger.Meta.triggers,
            anchored("leads_searchrequest", "NEW.search_id", "FR-14", on=pgtrigger.Insert),
            guard("fr_06_never_opted_out", NEVER_OPTED_OUT, on=pgtrigger.Insert),
            guard("fr_14_list_is_closed", LIST_IS_CLOSED, on=pgtrigger.Insert),
            guard(
                "fr_02_asker_still_may",
                ASKER_STILL_MAY,
                on=pgtrigger.Insert,
                declare=[("asked", "leads_searchrequest%ROWTYPE"), *GROUNDS_NEED],
            ),
        ]

    def __str__(self) -> str:
        return f"Candidate {self.rank} of {self.search.number}"

    @property
    def in_decisions(self) -> str:
        """Without the rank: who examines first reads his own decisions and knows none (FR-08)."""
        return f"A face of {self.search.number}"

    def get_absolute_url(self) -> str:
        """The comparison page."""
        return reverse("leads:candidate", args=[self.search.number, self.rank])

    @property
    def case(self):
        """The case it was searched for."""
        return self.search.case
