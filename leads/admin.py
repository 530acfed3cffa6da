"""Searches, examinations, leads and applications for auditors."""

from textwrap import shorten

from django.contrib import admin

from ecpd.audit.read_only import ReadOnlyAdmin
from leads import models
from leads.models.lead import LEAD_ONLY

FACTS_SHOWN = 40  # letters: the list fits beside its filters on a screen of 1280


class OfASearchAdmin(ReadOnlyAdmin):
    """What came of a face search: each row that leaves says what a lead is (FR-09)."""

    export_notice = LEAD_ONLY


@admin.register(models.SearchRequest)
class SearchLogAdmin(OfASearchAdmin):
    """The search log: who, on which case, for whom, why, with what result, under which decision."""

    list_title = "Search log"
    list_display = ["number", "requested_at", "requested_by", "case", "purpose", "facts_in_short", "state", "above_bar",
                    "decision_id"]  # fmt: skip
    list_filter = ["purpose", "state", "quality_passed", "requested_at", "requested_by"]
    search_fields = ["number", "case__case_number", "facts", "requested_by__last_name", "requested_by__username"]
    list_select_related = ["requested_by", "case"]
    exclude = ["probe_embedding"]

    def get_queryset(self, request):
        """Without the template, which no list needs."""
        return super().get_queryset(request).defer("probe_embedding")

    @admin.display(description="Facts given")
    def facts_in_short(self, search: models.SearchRequest) -> str:
        """The first words of the facts."""
        return shorten(search.facts, FACTS_SHOWN, placeholder="…")


@admin.register(models.Candidate)
class CandidateAdmin(OfASearchAdmin):
    """Every candidate of every search."""

    list_display = ["search", "rank", "match_score", "cosine", "source"]
    search_fields = ["search__number"]
    list_select_related = ["search"]

    @admin.display(description="Source")
    def source(self, candidate: models.Candidate) -> str:
        """Where the photo comes from."""
        return candidate.snapshot.get("source", "")


@admin.register(models.Examination)
class ExaminationAdmin(OfASearchAdmin):
    """Both examiners' conclusions."""

    list_display = ["candidate", "position", "examiner", "conclusion", "recorded_at"]
    list_filter = ["conclusion", "position"]
    list_select_related = ["candidate__search", "examiner"]


@admin.register(models.SearchReplay)
class SearchReplayAdmin(OfASearchAdmin):
    """Replays of searches: whether the list came out the same."""

    list_display = ["search", "by", "at", "same", "differs"]
    list_filter = ["same"]
    list_select_related = ["search", "by"]


@admin.register(models.Lead)
class LeadAdmin(OfASearchAdmin):
    """Leads. Investigative leads only; not identifications; not probable cause (FR-09)."""

    list_display = ["number", "case", "person", "state", "created_by", "created_at", "lead_only"]
    list_filter = ["state"]
    search_fields = ["number", "case__case_number"]
    list_select_related = ["case", "person", "created_by"]

    @admin.display(description="What a lead is")
    def lead_only(self, lead: models.Lead) -> str:
        """FR-09's sentence."""
        return LEAD_ONLY


@admin.register(models.Corroboration)
class CorroborationAdmin(OfASearchAdmin):
    """Evidence linked to leads."""

    list_display = ["lead", "kind", "evidence", "because_of", "rests_on_face", "linked_by", "linked_at", "withdrawn_at"]
    list_filter = ["kind", "because_of", "rests_on_face"]
    list_select_related = ["lead", "evidence", "linked_by"]


@admin.register(models.ExculpatoryEntry)
class ExculpatoryAdmin(OfASearchAdmin):
    """What speaks against leads."""

    list_display = ["lead", "kind", "what", "entered_by", "entered_at"]
    list_filter = ["kind"]
    list_select_related = ["lead", "entered_by"]


@admin.register(models.WarrantApplication)
class ApplicationAdmin(OfASearchAdmin):
    """Applications and their packets' hashes."""

    list_display = ["number", "lead", "applicant", "state", "submitted_at", "decided_at", "packet_sha256"]
    list_filter = ["state"]
    list_select_related = ["lead", "applicant"]


@admin.register(models.WarrantDecision)
class WarrantDecisionAdmin(OfASearchAdmin):
    """Captains' decisions."""

    list_display = ["application", "captain", "outcome", "at", "reasons"]
    list_filter = ["outcome"]
    list_select_related = ["application", "captain"]


@admin.register(models.Identity)
class IdentityAdmin(OfASearchAdmin):
    """Who the people of leads are said to be."""

    list_display = ["lead", "name", "date_of_birth", "evidence", "entered_by", "entered_at"]
    list_select_related = ["lead", "evidence", "entered_by"]


@admin.register(models.IdentityAnswer)
class IdentityAnswerAdmin(OfASearchAdmin):
    """What others said of who the people of leads are."""

    list_display = ["identity", "outcome", "by", "at", "reason"]
    list_filter = ["outcome"]
    list_select_related = ["identity", "by"]


@admin.register(models.WarrantStep)
class WarrantStepAdmin(OfASearchAdmin):
    """What became of applications after a captain's decision."""

    list_display = ["application", "kind", "version", "whom", "by", "at", "words"]
    list_filter = ["kind"]
    list_select_related = ["application", "by"]


@admin.register(models.PacketReading)
class PacketReadingAdmin(OfASearchAdmin):
    """Who opened which version of a packet."""

    list_display = ["application", "reader", "at", "version"]
    list_select_related = ["application", "reader"]


@admin.register(models.LeadSignoff)
class LeadSignoffAdmin(OfASearchAdmin):
    """Third signatures on leads."""

    list_display = ["lead", "supervisor", "at", "reasons"]
    list_select_related = ["lead", "supervisor"]


@admin.register(models.PurposeException)
class PurposeExceptionAdmin(OfASearchAdmin):
    """Captains' reasons why a face that was searched for as no suspect has a way to a warrant."""

    list_display = ["lead", "captain", "at", "reason"]
    list_select_related = ["lead", "captain"]


@admin.register(models.CaseAcceptance)
class CaseAcceptanceAdmin(OfASearchAdmin):
    """Captains' answers to cases in which their opener searched."""

    list_display = ["case", "accepted", "captain", "at", "reason"]
    list_filter = ["accepted"]
    list_select_related = ["case", "captain"]


@admin.register(models.Veil)
class VeilAdmin(OfASearchAdmin):
    """Results that are closed to everybody but the auditor, and why."""

    list_display = ["search", "ground", "at"]
    list_filter = ["ground"]
    list_select_related = ["search"]


@admin.register(models.GallerySource)
class SourceAdmin(ReadOnlyAdmin):
    """Gallery sources."""

    list_display = ["name", "kind", "owner", "added_by", "added_at", "withdrawn_at"]
    list_filter = ["kind"]
    list_select_related = ["added_by"]


@admin.register(models.OptOut)
class OptOutAdmin(ReadOnlyAdmin):
    """Opt-outs."""

    list_display = ["id", "received_on", "sha256", "source", "recorded_by"]
    list_select_related = ["source", "recorded_by"]
