"""Reads, alerts and accesses to plate data for auditors."""

from django.contrib import admin

from ecpd.audit.read_only import ReadOnlyAdmin
from parking import models


@admin.register(models.PlateQuery)
class PlateQueryAdmin(ReadOnlyAdmin):
    """Every look at plate data: who, what for, why (PK-06)."""

    list_display = ["at", "user", "organization", "purpose", "channel", "terms", "reason", "results"]
    list_filter = ["purpose", "channel", "at", "user"]
    search_fields = ["reason", "user__username", "user__last_name", "terms"]
    list_select_related = ["user"]


@admin.register(models.PlateShare)
class PlateShareAdmin(ReadOnlyAdmin):
    """Requests of other agencies (PK-08)."""

    list_display = ["at", "agency", "outcome", "purpose", "records", "decided_by"]
    list_filter = ["outcome"]
    list_select_related = ["agency", "decided_by"]


@admin.register(models.PlatePurge)
class PlatePurgeAdmin(ReadOnlyAdmin):
    """What was deleted, with its proof (PK-05)."""

    list_display = ["at", "before", "reads", "images", "kept", "left_over", "resolution", "digest"]


@admin.register(models.PlateHold)
class PlateHoldAdmin(ReadOnlyAdmin):
    """What is kept beyond its time."""

    list_display = ["plate", "reason", "placed_by", "placed_at", "released_at"]
    list_select_related = ["placed_by"]


@admin.register(models.ReadKeep)
class ReadKeepAdmin(ReadOnlyAdmin):
    """Which reads are evidence, of which alert, by which decision (PK-05)."""

    list_display = ["at", "read", "alert", "decision"]
    list_select_related = ["read", "alert", "decision"]


@admin.register(models.Alert)
class AlertAdmin(ReadOnlyAdmin):
    """Alerts, answered or not."""

    list_display = ["raised_at", "kind", "plate", "zone", "state", "minutes_over", "exact", "device"]
    list_filter = ["kind", "state", "exact", "device"]
    search_fields = ["plate"]
    list_select_related = ["zone", "device"]


@admin.register(models.AlertAnswer)
class AlertAnswerAdmin(ReadOnlyAdmin):
    """What people found."""

    list_display = ["at", "alert", "outcome", "reason", "officer", "words"]
    list_filter = ["outcome", "reason", "officer"]
    list_select_related = ["alert", "officer"]


@admin.register(models.IngestGate)
class IngestGateAdmin(ReadOnlyAdmin):
    """The policy door's answers to readers (PK-09)."""

    list_display = ["day", "device", "policy", "actor", "decision_id", "role_opened"]
    list_select_related = ["device", "policy", "actor"]


@admin.register(models.PlatePolicy)
class PlatePolicyAdmin(ReadOnlyAdmin):
    """Versions of the usage policy."""

    list_display = ["number", "public_comment_on", "published_at", "published_by", "withdrawn_at"]
    list_select_related = ["published_by"]


@admin.register(models.AccessReport)
class AccessReportAdmin(ReadOnlyAdmin):
    """Months in numbers (PK-17)."""

    list_display = ["month", "made_at", "figures"]
