"""Leads."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from cases.api import PlainText
from cases.finding import the_one
from ecpd.accounts.tokens import ask_scope
from ecpd.policy import engine as policy
from ecpd.policy.shown import token_of
from leads.api.notice import NoticeField, NoticePagination
from leads.models import Corroboration, ExculpatoryEntry, Lead
from leads.selectors.lead import leads_visible_to, manual_of, with_manual
from leads.selectors.shown import of_lead
from leads.services.lead import mark_for_warrant


class CorroborationSerializer(serializers.ModelSerializer):
    """An item linked to a lead."""

    evidence = serializers.CharField(source="evidence.label")
    verified = serializers.SerializerMethodField()

    class Meta:
        model = Corroboration
        fields = ["evidence", "kind", "details", "ties_by", "comes_from_lead", "independence", "linked_at",
                  "withdrawn_at", "verified"]  # fmt: skip

    def get_verified(self, item: Corroboration) -> bool | None:
        """True, false (rejected), or null while nobody looked."""
        verification = getattr(item, "verification", None)
        return verification.verified if verification else None


class ExculpatorySerializer(serializers.ModelSerializer):
    """Something that speaks against a lead, with its newest answer."""

    answer = serializers.SerializerMethodField()

    class Meta:
        model = ExculpatoryEntry
        fields = ["kind", "what", "entered_at", "answer"]

    def get_answer(self, entry: ExculpatoryEntry) -> str | None:
        """The newest answer's words."""
        answers = list(entry.answers.all())
        return f"{answers[0].get_outcome_display()}: {answers[0].text}" if answers else None


class LeadSerializer(serializers.ModelSerializer):
    """A lead. It identifies no one."""

    case = serializers.CharField(source="case.case_number")
    search = serializers.CharField(source="candidate.search.number")
    rank = serializers.IntegerField(source="candidate.rank")
    person = serializers.CharField(source="person.name")
    manual = serializers.SerializerMethodField(help_text="Version of the manual it was made under; null: not kept.")
    corroborations = CorroborationSerializer(many=True)
    exculpatory = ExculpatorySerializer(many=True)
    shown = serializers.SerializerMethodField(help_text="What this answer shows; sent back with a decision on it.")
    notice = NoticeField()

    class Meta:
        model = Lead
        fields = ["number", "case", "search", "rank", "person", "state", "created_at", "manual", "corroborations",
                  "exculpatory", "shown", "notice"]  # fmt: skip

    def get_manual(self, lead: Lead) -> str | None:
        """The version's number."""
        return manual_of(lead) or None

    def get_shown(self, lead: Lead) -> str:
        """The digest of each part."""
        return token_of(of_lead(lead))


class ShownSerializer(serializers.Serializer):
    """What a decision rests on: `shown` as the lead's answer gave it."""

    shown = PlainText(max_length=2000)


@extend_schema(tags=["leads"])
class LeadViewSet(viewsets.GenericViewSet):
    """Leads of cases this person may see."""

    serializer_class = LeadSerializer
    lookup_field = "number"
    lookup_value_regex = r"L-\d{2}-\d{4,6}"
    pagination_class = NoticePagination
    queryset = Lead.objects.none()

    def get_queryset(self):
        """With evidence for and against."""
        visible = leads_visible_to(self.request.user, listed=not self.detail).annotate(manual_number=with_manual())
        return visible.prefetch_related(
            "corroborations__evidence", "corroborations__verification", "exculpatory__answers"
        )

    def list(self, request):
        """Leads, newest first."""
        policy.authorize_role(request.user, "lead.view")
        page = self.paginate_queryset(self.get_queryset().order_by("-id"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request, number: str):
        """One lead."""
        lead = the_one(self.get_queryset(), request.user, "lead.view", number=number)
        policy.authorize(request.user, "lead.view", lead)
        return Response(self.get_serializer(lead).data)

    @extend_schema(request=ShownSerializer)
    @action(detail=True, methods=["post"])
    def mark_for_warrant(self, request, number: str):
        """Mark for warrant, on the lead as `shown` says it was read; a refusal names each rule, and what changed."""
        lead = the_one(self.get_queryset(), request.user, "lead.view", number=number)
        ask_scope(request, "lead.mark_for_warrant")
        asked = ShownSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        mark_for_warrant(lead=lead, actor=request.user, shown=asked.validated_data["shown"])
        return Response(self.get_serializer(self.get_queryset().get(pk=lead.pk)).data)
