"""The chain, its verification, and the history of changes, for auditors."""

import auditlog.admin  # noqa: F401 registers its page, which ours replaces
from auditlog.models import LogEntry
from django.contrib import admin, messages
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce
from django.shortcuts import redirect
from django.urls import path, reverse

from ecpd.audit.checking import waiting_requests
from ecpd.audit.models import AuditEvent, ChainCheck, ChainHead, ChainSeal, Conduct, Stamp
from ecpd.audit.read_only import ReadOnlyAdmin
from ecpd.audit.readable import ActionFilter
from ecpd.audit.sealer import waiting
from ecpd.audit.services import ask_for_check
from ecpd.audit.stamping import anchoring
from ecpd.policy import engine as policy
from ecpd.web.words import action as action_words

UNSEALED = "waits for its seal"


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The chain of conduct, newest first."""

    list_display = ["place", "at", "who", "what", "on_what", "case_number", "decision"]
    list_filter = [("action", ActionFilter), "operation", "at"]
    search_fields = ["actor_label", "subject_label", "case_number", "action"]
    date_hierarchy = None
    ordering = ["-id"]
    list_select_related = ["seal"]
    export_more = {"number": "seal_number", "previous_hash": "seal_previous", "hash": "seal_hash"}

    def get_queryset(self, request):
        """With each entry's place in the chain."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                seal_number=Coalesce(Cast("seal__number", CharField()), Value(UNSEALED)),
                seal_previous=F("seal__previous_hash"),
                seal_hash=F("seal__hash"),
            )
        )

    @admin.display(description="Number", ordering="seal__number")
    def place(self, event: AuditEvent) -> int | str:
        """Its number, once it has its seal."""
        return event.number or UNSEALED

    @admin.display(description="Who", ordering="actor_label")
    def who(self, event: AuditEvent) -> str:
        """The person as named then."""
        return event.actor_label

    @admin.display(description="On what", ordering="subject_label")
    def on_what(self, event: AuditEvent) -> str:
        """The record as named then, else its table and row."""
        return event.subject_label or f"{event.table_name} {event.row_id}".strip()

    @admin.display(description="Decision", ordering="decision_id")
    def decision(self, event: AuditEvent) -> int | None:
        """The number of the policy decision."""
        return event.decision_id

    @admin.display(description="What was done", ordering="action")
    def what(self, event: AuditEvent) -> str:
        """The action in words."""
        return action_words(event.action)


@admin.register(ChainCheck)
class ChainCheckAdmin(ReadOnlyAdmin):
    """Is the record untouched? Each verification, and a button for another."""

    list_display = ["checked_at", "started_by", "entries", "result", "seconds"]
    list_filter = ["result"]
    list_select_related = ["started_by"]
    change_list_template = "audit/chain.html"

    def get_urls(self):
        """The page's own addresses, and the button's."""
        return [
            path("verify/", self.admin_site.admin_view(self.verify_now), name="audit_verify"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """The list, under the newest result."""
        newest = ChainCheck.objects.select_related("started_by").first()
        shown = {
            "newest": newest,
            "head": ChainSeal.objects.order_by("-number").first(),
            "asked": waiting_requests().select_related("requested_by").last(),
            "waiting": waiting(),
            "anchoring": anchoring(),
            "title": "Is the record untouched?",
        }
        return super().changelist_view(request, {**(extra_context or {}), **shown})

    def verify_now(self, request):
        """Ask for a verification; the sealer's process makes it, and the page shows its result."""
        if request.method == "POST":
            policy.authorize(request.user, "audit.verify")
            ask_for_check(requested_by=request.user)
            messages.info(request, "All entries and records are being checked. This page shows the result.")
        return redirect(reverse("admin:audit_chaincheck_changelist"))


@admin.register(Stamp)
class StampAdmin(ReadOnlyAdmin):
    """Time stamps of an outside authority, and tries that failed."""

    list_display = ["tried_at", "number", "result", "stamped_at", "authority", "problem"]
    list_filter = ["result", "local"]
    exclude = ["response"]


@admin.register(Conduct)
class ConductAdmin(ReadOnlyAdmin):
    """What was done that no other record tells of."""

    list_display = ["id", "actor_label", "action", "subject_label", "case_number"]
    list_filter = [("action", ActionFilter)]
    search_fields = ["actor_label", "subject_label", "case_number", "action"]


@admin.register(ChainHead)
class ChainHeadAdmin(ReadOnlyAdmin):
    """Seals noted earlier."""

    list_display = ["noted_at", "number", "hash", "kept_at"]


admin.site.unregister(LogEntry)  # auditlog's own page, replaced by a read-only one


@admin.register(LogEntry)
class ChangeAdmin(ReadOnlyAdmin):
    """Every change of a record: who, when, from what to what."""

    list_display = ["timestamp", "actor", "action", "content_type", "object_repr"]
    list_filter = ["action", "content_type", "timestamp"]
    search_fields = ["object_repr", "changes_text"]
    list_select_related = ["actor", "content_type"]
