"""Leads."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from cases.api import PlainText
from cases.finding import the_one
from ecpd.accounts.tokens import ask_scope
from ecpd.policy import engine as policy
from ecpd.policy.shown import token_of
from leads.api.notice import NoticeField, NoticePagination
from leads.models import Corroboration, CorroborationVerification, ExculpatoryEntry, Lead
from leads.selectors.dark import KEPT, told_and_kept
from leads.selectors.lead import leads_visible_to, manual_of, with_manual
from leads.selectors.shown import of_lead
from leads.selectors.standing import Standing, is_open, standings_of, with_standings
from leads.services.lead import mark_for_warrant


class CorroborationSerializer(serializers.ModelSerializer):
    """An item linked to a lead."""

    evidence = serializers.CharField(source="evidence.label")
    verified = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField(
        help_text="counts, lineup (beside another item), waits, face (rests on it), rejected, withdrawn, search (is of it), "
        "not compared, no process, no reference (neither a file nor a custodian's number), not picked (in a "
        "line-up), again (the same exhibit, report or witness), another kind (than it is linked as)."
    )
    obtained_on = serializers.SerializerMethodField(help_text="The item's day; its scene item's, where it has one.")
    result_on = serializers.SerializerMethodField(help_text="The day of the first result with this face.")
    because_of = serializers.SerializerMethodField(help_text="Obtained because of the result: told, and counts.")
    answers = serializers.SerializerMethodField(help_text="Of the linker and the verifier; null: closed, or not given.")

    class Meta:
        model = Corroboration
        fields = ["evidence", "kind", "details", "ties_by", "linked_at", "withdrawn_at", "verified", "standing",
                  "obtained_on", "result_on", "because_of", "answers"]  # fmt: skip

    def get_verified(self, item: Corroboration) -> bool | None:
        """True, false (rejected), or null while nobody looked."""
        verification = getattr(item, "verification", None)
        return verification.verified if verification else None

    def get_standing(self, item: Corroboration) -> str:
        """Whether it counts, or why not."""
        return self._stands(item).standing

    def get_obtained_on(self, item: Corroboration) -> str:
        """As 2026-05-31."""
        return self._stands(item).secured

    def get_result_on(self, item: Corroboration) -> str:
        """As 2026-05-31."""
        return self._stands(item).result

    def get_because_of(self, item: Corroboration) -> bool:
        """By both days, or by an answer."""
        return self._stands(item).because

    def get_answers(self, item: Corroboration) -> dict[str, dict[str, str] | None]:
        """The linker's are closed to who may still verify the item (FR-10)."""
        checked = getattr(item, "verification", None)
        shown = is_open(item, self.context["request"].user)
        return {
            "linker": _answers(item) | {"why": item.independence} if shown else None,
            "verifier": _answers(checked) if checked else None,
        }

    def _stands(self, item: Corroboration) -> Standing:
        lead = item.lead
        if "_stands" not in lead.__dict__:
            lead.__dict__["_stands"] = standings_of(lead)
        return lead.__dict__["_stands"][item.pk]


def _answers(given: Corroboration | CorroborationVerification) -> dict[str, str]:
    return {"because_of": given.because_of, "rests_on_face": given.rests_on_face}


WHEN = serializers.DateTimeField()


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
    exculpatory = serializers.SerializerMethodField()
    shown = serializers.SerializerMethodField(help_text="What this answer shows; sent back with a decision on it.")
    notice = NoticeField()

    class Meta:
        model = Lead
        fields = ["number", "case", "search", "rank", "person", "state", "created_at", "manual", "corroborations",
                  "exculpatory", "shown", "notice"]  # fmt: skip

    @extend_schema_field(ExculpatorySerializer(many=True))
    def get_exculpatory(self, lead: Lead) -> list[dict[str, Any]]:
        """What speaks against it; of lists that are kept from who asks, one entry that says so (FR-08)."""
        told, kept = told_and_kept(lead.exculpatory.all(), self.context["request"].user)
        shown = ExculpatorySerializer(told, many=True).data
        if kept:
            shown.append(
                {
                    "kind": kept[0].Kind.OTHER,
                    "what": KEPT,
                    "entered_at": WHEN.to_representation(kept[0].entered_at),
                    "answer": None,
                }
            )
        return shown

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
        visible = with_standings(leads_visible_to(self.request.user, listed=not self.detail))
        visible = visible.annotate(manual_number=with_manual())
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
