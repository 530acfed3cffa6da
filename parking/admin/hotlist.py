"""Hotlists for auditors: lists, entries, files and hits, read only."""

from django.contrib import admin

from ecpd.audit.read_only import ReadOnlyAdmin
from parking import models


@admin.register(models.Hotlist)
class HotlistAdmin(ReadOnlyAdmin):
    """Who entered which list, from where, until when."""

    list_display = ["id", "kind", "source", "expires_on", "entered_by", "entered_at", "withdrawn_at"]
    list_filter = ["kind", "entered_at"]
    search_fields = ["source", "reason"]
    list_select_related = ["entered_by"]


@admin.register(models.HotlistEntry)
class HotlistEntryAdmin(ReadOnlyAdmin):
    """Who entered and withdrew which plate."""

    list_display = [
        "hotlist",
        "entered_by",
        "entered_at",
        "expires_on",
        "withdrawn_at",
        "withdrawn_by",
        "withdrawn_reason",
    ]
    list_filter = ["entered_at", "withdrawn_at"]
    search_fields = ["reference", "withdrawn_reason"]
    list_select_related = ["hotlist", "entered_by", "withdrawn_by"]


@admin.register(models.HotlistImport)
class HotlistImportAdmin(ReadOnlyAdmin):
    """Every file."""

    list_display = ["hotlist", "file_name", "at", "by", "taken", "known", "changed", "withdrawn"]
    list_filter = ["at"]
    search_fields = ["file_name", "sha256"]
    list_select_related = ["hotlist", "by"]


@admin.register(models.HotlistHit)
class HotlistHitAdmin(ReadOnlyAdmin):
    """What became of every hit."""

    list_display = ["id", "day", "state", "exact", "look_alike", "found_at", "alert"]
    list_filter = ["state", "exact", "day"]
    list_select_related = ["alert"]
