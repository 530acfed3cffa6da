"""Permits and exemptions for auditors: who granted, changed and exempted what, under which decision; read only."""

from django.contrib import admin

from ecpd.audit.read_only import ReadOnlyAdmin
from parking import models


@admin.register(models.PermitTerms)
class PermitTermsAdmin(ReadOnlyAdmin):
    """The rules of every class over time, each with its resolution."""

    list_display = ["permit_class", "effective_on", "resolution", "prices", "most_per_household", "entered_by",
                    "decision_id"]  # fmt: skip
    list_filter = ["permit_class", "effective_on"]
    list_select_related = ["permit_class", "entered_by"]


@admin.register(models.PermitDecision)
class PermitDecisionAdmin(ReadOnlyAdmin):
    """Every answer to an application."""

    list_display = ["application", "outcome", "by", "at", "reasons", "decision_id"]
    list_filter = ["outcome", "at", "by"]
    search_fields = ["application__number", "reasons"]
    list_select_related = ["application", "by"]


@admin.register(models.PermitApplication)
class PermitApplicationAdmin(ReadOnlyAdmin):
    """Every application."""

    list_display = ["number", "applied_at", "channel", "state", "name", "address", "entered_by"]
    list_filter = ["state", "channel", "applied_at"]
    search_fields = ["number", "name", "address"]
    list_select_related = ["entered_by"]


@admin.register(models.Permit)
class PermitAdmin(ReadOnlyAdmin):
    """Every permit."""

    list_display = ["number", "terms", "nth", "price_cents", "begins", "ends", "approved_by", "ended_at", "ended_by"]
    list_filter = ["terms__permit_class", "begins", "ended_at"]
    search_fields = ["number", "application__name", "application__address"]
    list_select_related = ["terms__permit_class", "approved_by", "ended_by"]


@admin.register(models.PermitPlate)
class PermitPlateAdmin(ReadOnlyAdmin):
    """Which plate had which permit when, and who put it in."""

    list_display = ["plate", "plate_state", "permit", "kind", "begins", "ends", "added_by", "added_at"]
    list_filter = ["kind", "added_at"]
    search_fields = ["plate", "permit__number"]
    list_select_related = ["permit__terms__permit_class", "added_by"]


@admin.register(models.Exemption)
class ExemptionAdmin(ReadOnlyAdmin):
    """Every exempt plate."""

    list_display = ["plate", "plate_state", "kind", "source", "begins", "ends", "added_by", "ended_at", "ended_by"]
    list_filter = ["kind", "ends", "ended_at"]
    search_fields = ["plate", "source", "words"]
    list_select_related = ["added_by", "ended_by"]


@admin.register(models.ExemptionImport)
class ExemptionImportAdmin(ReadOnlyAdmin):
    """Every list that was taken in."""

    list_display = ["file_name", "source", "taken", "known", "ended", "by", "at"]
    list_filter = ["at"]
    list_select_related = ["by"]
