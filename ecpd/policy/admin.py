"""Decisions, versions and amendments, for auditors."""

from django.contrib import admin

from ecpd.audit.read_only import ReadOnlyAdmin
from ecpd.audit.readable import ActionFilter
from ecpd.policy.models import Amendment, Decision, ManualVersion
from ecpd.web.words import action as action_words


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Every answer of the policy door."""

    list_display = ["id", "at", "actor", "what", "outcome", "subject_label", "case_number", "rules", "manual_version"]
    list_filter = ["outcome", ("action", ActionFilter), "at"]
    search_fields = ["actor__username", "actor__last_name", "case_number", "subject_label", "action"]
    list_select_related = ["actor", "manual_version"]

    @admin.display(description="Asked to", ordering="action")
    def what(self, decision: Decision) -> str:
        """The action in words."""
        return action_words(decision.action)

    @admin.display(description="Rules")
    def rules(self, decision: Decision) -> str:
        """The rules that stood in the way, or all that were asked."""
        return ", ".join(sorted(set(decision.rule_ids)))


@admin.register(ManualVersion)
class ManualVersionAdmin(ReadOnlyAdmin):
    """Versions of the manual."""

    list_display = ["number", "effective_from", "amendment"]
    list_select_related = ["amendment"]


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    """Proposals and what became of them."""

    list_display = ["__str__", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["proposed_by", "decided_by"]
