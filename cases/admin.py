"""Cases for auditors."""

from django.contrib import admin

from cases.models import Case, CaseLink, CustodyEntry, Evidence, IncidentNumber
from ecpd.audit.read_only import ReadOnlyAdmin


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Cases, sealed ones too."""

    list_display = ["case_number", "title", "offense", "status", "sealed", "captain", "opened_at"]
    list_filter = ["status", "sealed", "year"]
    search_fields = ["case_number", "title"]
    list_select_related = ["offense", "captain"]


@admin.register(IncidentNumber)
class IncidentNumberAdmin(ReadOnlyAdmin):
    """The numbers under which dispatch and records know a case."""

    list_display = ["case", "system", "number", "entered_by", "entered_at", "withdrawn_by", "withdrawn_reason"]
    list_filter = ["system"]
    search_fields = ["case__case_number", "number"]
    list_select_related = ["case", "entered_by", "withdrawn_by"]


@admin.register(CaseLink)
class CaseLinkAdmin(ReadOnlyAdmin):
    """Cases that somebody said are one matter."""

    list_display = ["case", "other", "why", "entered_by", "entered_at", "withdrawn_by", "withdrawn_reason"]
    search_fields = ["case__case_number", "other__case_number", "why"]
    list_select_related = ["case", "other", "entered_by", "withdrawn_by"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Exhibits with their hashes."""

    list_display = ["__str__", "case", "kind", "origin_kind", "file", "added_by", "added_at", "withdrawn_at"]
    list_filter = ["kind", "origin_kind"]
    search_fields = ["case__case_number", "title", "file__sha256"]
    list_select_related = ["case", "file", "added_by"]


@admin.register(CustodyEntry)
class CustodyAdmin(ReadOnlyAdmin):
    """The chain of custody."""

    list_display = ["evidence", "at", "action", "from_party", "to_party", "reason", "recorded_by"]
    list_filter = ["action"]
    search_fields = ["evidence__case__case_number", "to_party", "from_party"]
    list_select_related = ["evidence__case", "recorded_by"]
