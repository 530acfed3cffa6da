"""Citations, contests and money for auditors: everything about conduct, read only."""

from django.contrib import admin

from ecpd.audit.read_only import ReadOnlyAdmin
from parking import models


@admin.register(models.Citation)
class CitationAdmin(ReadOnlyAdmin):
    """Who cited what, when, under which decision."""

    list_display = ["number", "issued_at", "issued_by", "section", "amount_cents", "state", "decision_id"]
    list_filter = ["state", "section", "issued_at"]
    search_fields = ["number", "issued_by__last_name", "issued_by__username"]
    list_select_related = ["issued_by"]


@admin.register(models.CitationVoid)
class CitationVoidAdmin(ReadOnlyAdmin):
    """Who canceled what, why."""

    list_display = ["citation", "ground", "by", "at", "reason"]
    list_filter = ["ground", "at"]
    search_fields = ["citation__number", "reason", "by__last_name"]
    list_select_related = ["citation", "by"]


@admin.register(models.LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """Every entry of every citation."""

    list_display = ["citation", "kind", "amount_cents", "on", "by", "reason"]
    list_filter = ["kind", "on"]
    search_fields = ["citation__number", "reference"]
    list_select_related = ["citation", "by"]


@admin.register(models.Contest)
class ContestAdmin(ReadOnlyAdmin):
    """Every stage of every contest."""

    list_display = ["citation", "stage", "state", "grounds", "channel", "filed_at"]
    list_filter = ["stage", "state", "grounds", "channel"]
    search_fields = ["citation__number"]
    list_select_related = ["citation"]


@admin.register(models.ContestResult)
class ContestResultAdmin(ReadOnlyAdmin):
    """Every result with its reason."""

    list_display = ["contest", "outcome", "decided_by", "at", "reason"]
    list_filter = ["outcome", "at"]
    search_fields = ["contest__citation__number", "reason"]
    list_select_related = ["contest__citation", "decided_by"]


@admin.register(models.CitationHold)
class CitationHoldAdmin(ReadOnlyAdmin):
    """When collection was paused, by whom, why."""

    list_display = ["citation", "kind", "reason", "placed_by", "placed_at", "released_at"]
    list_filter = ["kind"]
    search_fields = ["citation__number", "reason"]
    list_select_related = ["citation", "placed_by"]


@admin.register(models.PaymentPlan)
class PaymentPlanAdmin(ReadOnlyAdmin):
    """Every plan."""

    list_display = ["id", "state", "owed_cents", "monthly_cents", "months", "granted_by", "granted_at"]
    list_filter = ["state", "unable_to_pay"]
    list_select_related = ["granted_by"]


@admin.register(models.ViolationAmount)
class ViolationAmountAdmin(ReadOnlyAdmin):
    """What a violation cost from when, under which resolution."""

    list_display = ["violation", "amount_cents", "late_fee_cents", "effective_on", "resolution", "entered_by"]
    list_filter = ["violation"]
    list_select_related = ["violation", "entered_by"]


@admin.register(models.CitationNotice)
class CitationNoticeAdmin(ReadOnlyAdmin):
    """Every paper with its hash."""

    list_display = ["citation", "kind", "issued_at", "issued_by", "sha256"]
    list_filter = ["kind", "issued_at"]
    search_fields = ["citation__number", "sha256"]
    list_select_related = ["citation", "issued_by"]


@admin.register(models.PaymentImport)
class PaymentImportAdmin(ReadOnlyAdmin):
    """Every file of payments."""

    list_display = ["file_name", "at", "by", "taken", "known", "cents"]
    list_select_related = ["by"]
