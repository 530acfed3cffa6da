"""Abandoned vehicles and tows for auditors, read only."""

from django.contrib import admin

from ecpd.audit.read_only import ReadOnlyAdmin
from parking import models


@admin.register(models.AbandonedVehicle)
class AbandonedVehicleAdmin(ReadOnlyAdmin):
    """Every matter."""

    list_display = ["number", "kind", "state", "source", "reported_by", "reported_at", "outcome", "closed_by"]
    list_filter = ["kind", "state", "source", "outcome"]
    search_fields = ["number", "place"]
    list_select_related = ["reported_by", "closed_by"]


@admin.register(models.AbandonedMark)
class AbandonedMarkAdmin(ReadOnlyAdmin):
    """Who marked which warning."""

    list_display = ["vehicle", "at", "by", "hours", "look_from", "decision_id"]
    list_filter = ["at"]
    search_fields = ["vehicle__number"]
    list_select_related = ["vehicle", "by"]


@admin.register(models.AbandonedLook)
class AbandonedLookAdmin(ReadOnlyAdmin):
    """Who looked again and found what."""

    list_display = ["vehicle", "at", "by", "outcome", "miles", "decision_id"]
    list_filter = ["outcome", "at"]
    search_fields = ["vehicle__number"]
    list_select_related = ["vehicle", "by"]


@admin.register(models.TowOrder)
class TowOrderAdmin(ReadOnlyAdmin):
    """Who ordered which tow, as what, on what ground."""

    list_display = ["number", "vehicle", "at", "ordered_by", "orderer_class", "grounds", "authority", "decision_id"]
    list_filter = ["orderer_class", "at"]
    search_fields = ["number", "vehicle__number"]
    list_select_related = ["vehicle", "ordered_by"]


@admin.register(models.TowRemoval)
class TowRemovalAdmin(ReadOnlyAdmin):
    """When vehicles were taken away."""

    list_display = ["order", "at", "by", "entered_at"]
    search_fields = ["order__number"]
    list_select_related = ["order", "by"]


@admin.register(models.TowNotice)
class TowNoticeAdmin(ReadOnlyAdmin):
    """Whom the owners' notices went to, and when."""

    list_display = ["order", "sent_to", "dated", "sent_at", "late_reason", "by"]
    list_filter = ["sent_to", "dated"]
    search_fields = ["order__number"]
    list_select_related = ["order", "by"]


@admin.register(models.TowHearing)
class TowHearingAdmin(ReadOnlyAdmin):
    """Every hearing that was asked for."""

    list_display = ["order", "asked_at", "channel", "due_at", "late_reason"]
    search_fields = ["order__number"]
    list_select_related = ["order"]


@admin.register(models.TowResult)
class TowResultAdmin(ReadOnlyAdmin):
    """Every decision with its reason."""

    list_display = ["hearing", "outcome", "held_at", "held_by", "reason"]
    list_filter = ["outcome"]
    search_fields = ["hearing__order__number", "reason"]
    list_select_related = ["hearing__order", "held_by"]


@admin.register(models.TowEnd)
class TowEndAdmin(ReadOnlyAdmin):
    """How tows ended."""

    list_display = ["order", "how", "at", "agency_pays", "by", "reason"]
    list_filter = ["how", "agency_pays"]
    search_fields = ["order__number"]
    list_select_related = ["order", "by"]
