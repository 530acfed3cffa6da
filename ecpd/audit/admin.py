"""The chain, its verification, and the history of changes, for auditors."""

import auditlog.admin  # noqa: F401 registers its page, which ours replaces
from auditlog.models import LogEntry
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import path, reverse

from ecpd.audit.models import AuditEvent, ChainCheck, ChainHead
from ecpd.audit.read_only import ReadOnlyAdmin
from ecpd.audit.readable import ActionFilter
from ecpd.audit.verification import verify_and_record
from ecpd.policy import engine as policy
from ecpd.web.words import action as action_words


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The chain of conduct, newest first."""

    list_display = ["number", "at", "who", "what", "on_what", "case_number", "decision"]
    list_filter = [("action", ActionFilter), "at"]
    search_fields = ["actor_label", "subject_label", "case_number", "action"]
    date_hierarchy = None
    ordering = ["-number"]
    list_select_related = False

    @admin.display(description="Who", ordering="actor_label")
    def who(self, event: AuditEvent) -> str:
        """The person as named then."""
        return event.actor_label

    @admin.display(description="On what", ordering="subject_label")
    def on_what(self, event: AuditEvent) -> str:
        """The record as named then."""
        return event.subject_label

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
        head = AuditEvent.objects.order_by("-number").values("number", "hash", "at").first()
        first = AuditEvent.objects.order_by("number").values("at").first()
        shown = {"newest": newest, "head": head, "first": first, "title": "Is the record untouched?"}
        return super().changelist_view(request, {**(extra_context or {}), **shown})

    def verify_now(self, request):
        """Walk the whole chain now."""
        if request.method == "POST":
            policy.authorize(request.user, "audit.verify")
            check = verify_and_record(started_by=request.user)
            level = messages.SUCCESS if check.result == ChainCheck.Result.INTACT else messages.ERROR
            messages.add_message(request, level, f"{check.entries:,} entries checked: {check.get_result_display()}.")
        return redirect(reverse("admin:audit_chaincheck_changelist"))


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
