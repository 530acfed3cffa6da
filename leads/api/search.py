"""Searches and candidates."""

from datetime import datetime

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from cases.api import CASE, ID, PlainText, in_words
from cases.finding import the_one
from cases.models import NibrsOffense
from cases.selectors import cases_visible_to
from ecpd.accounts.tokens import ask_scope
from ecpd.policy import engine as policy
from ecpd.web.asking import look
from leads.api.notice import NoticeField, NoticePagination
from leads.models import Candidate, SearchReplay, SearchRequest
from leads.selectors.dark import dark_searches
from leads.selectors.review import blind_cases
from leads.selectors.self_opened import Stands, is_veiled_for, stands_of
from leads.services.search import cancel_search, request_search


class CandidateSerializer(serializers.ModelSerializer):
    """A candidate: its score is not the probability that this is the person."""

    search = serializers.CharField(source="search.number")
    match_score = serializers.SerializerMethodField()
    notice = NoticeField()

    class Meta:
        model = Candidate
        fields = ["id", "search", "rank", "match_score", "cosine", "snapshot", "notice"]

    def get_match_score(self, candidate: Candidate) -> float:
        """One decimal, rounded down."""
        return int(candidate.match_score * 10) / 10


class ReplaySerializer(serializers.ModelSerializer):
    """A replay: by whom, when, whether the list was the same, and what differed."""

    by = serializers.CharField(source="by.display_name", default="")

    class Meta:
        model = SearchReplay
        fields = ["by", "at", "same", "differs"]


class SearchSerializer(serializers.ModelSerializer):
    """A search with its progress and, when done, its result."""

    case = serializers.CharField(source="case.case_number")
    probe = serializers.CharField(source="probe.label")
    face = serializers.CharField(source="face.letter")
    requested_by = serializers.CharField(source="requested_by.display_name")
    decision = serializers.IntegerField(source="decision_id", allow_null=True)
    manual = serializers.CharField(source="manual_version.number")
    stage_times = serializers.SerializerMethodField()
    above_bar = serializers.SerializerMethodField(help_text="Null also where the result is veiled.")
    accepted = serializers.SerializerMethodField(
        help_text="Of a case that its requester opened: waits, refused, late (veiled); empty where no captain is waited for."
    )
    notice = NoticeField()
    replays = ReplaySerializer(many=True, read_only=True)

    class Meta:
        model = SearchRequest
        fields = ["number", "case", "probe", "face", "purpose", "offense", "facts", "justification", "requested_by",
                  "requested_at", "state", "stage_times", "error", "finished_at", "gallery_size", "sources", "model_id",
                  "mode", "timings", "threshold", "above_bar", "accept_by", "accepted", "quality", "decision", "manual",
                  "replays", "notice"]  # fmt: skip

    def get_above_bar(self, search: SearchRequest) -> int | None:
        """How many candidates reach the bar."""
        return None if is_veiled_for(search, self.context["request"].user) else search.above_bar

    def get_accepted(self, search: SearchRequest) -> str:
        """As `ecpd_self_opened` says it."""
        return stands_of(search)

    def to_representation(self, search: SearchRequest) -> dict:
        """Without what of a list is kept from who may compare its faces first (FR-08)."""
        shown = super().to_representation(search)
        if "dark" not in self.context:
            user = self.context["request"].user
            of_cases = dark_searches(user).filter(case__in=cases_visible_to(user).values("pk"))
            self.context["dark"] = set(of_cases.values_list("pk", flat=True))
        return shown | {"above_bar": None, "replays": []} if search.pk in self.context["dark"] else shown

    def get_stage_times(self, search: SearchRequest) -> dict[str, str]:
        """When each stage began, in the zone of every other time of the answer."""
        return {stage: timezone.localtime(datetime.fromisoformat(at)).isoformat()
                for stage, at in search.stage_times.items()}  # fmt: skip


class SearchAskSerializer(serializers.Serializer):
    """A request for a search: the probe is an exhibit of the case on which faces were found."""

    case = PlainText(max_length=12)
    probe = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The exhibit's number in its case.")
    face = serializers.IntegerField(min_value=0, max_value=10_000, help_text="The face's ordinal, 0 is A.")
    purpose = serializers.ChoiceField(choices=SearchRequest.Purpose.choices)
    offense = serializers.PrimaryKeyRelatedField(
        queryset=NibrsOffense.objects.all(), required=False, allow_null=True, pk_field=PlainText(max_length=4)
    )
    facts = PlainText(max_length=20_000)
    justification = PlainText(required=False, allow_blank=True, max_length=20_000)
    no_forbidden_ground = serializers.BooleanField()


@extend_schema(tags=["searches"])
class SearchViewSet(viewsets.GenericViewSet):
    """Searches of cases this person may see."""

    serializer_class = SearchSerializer
    lookup_field = "number"
    lookup_value_regex = r"S-\d{2}-\d{4,6}"
    pagination_class = NoticePagination
    queryset = SearchRequest.objects.none()

    def get_queryset(self):
        """With what an answer names."""
        visible = SearchRequest.objects.filter(case__in=cases_visible_to(self.request.user))
        return (
            visible.select_related("case", "probe", "requested_by", "manual_version")
            .annotate(stands=Stands("pk"))
            .prefetch_related("replays__by")
            .defer("probe_embedding")
        )

    @extend_schema(parameters=[CASE])
    def list(self, request):
        """Searches, newest first."""
        policy.authorize_role(request.user, "search.view")
        found = self.get_queryset().exclude(case__in=blind_cases(request.user)).order_by("-id")
        if case := in_words(request, "case"):
            found = found.filter(case__case_number=case)
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(found), many=True).data)

    def retrieve(self, request, number: str):
        """One search; poll it for its progress."""
        search = the_one(self.get_queryset(), request.user, "search.view", number=number)
        policy.authorize(request.user, "search.view", search)
        return Response(self.get_serializer(search).data)

    @extend_schema(request=SearchAskSerializer, responses={201: SearchSerializer})
    def create(self, request):
        """Request a search; a worker runs it."""
        ask_scope(request, "search.request")
        asked = SearchAskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answers = dict(asked.validated_data)
        case = the_one(cases_visible_to(request.user), request.user, "case.view", case_number=answers.pop("case"))
        probe = get_object_or_404(case.evidence.select_related("file"), number=answers.pop("probe"))
        search = request_search(
            actor=request.user, case=case, probe=probe, face_ordinal=answers.pop("face"), **answers
        )  # fmt: skip
        return Response(self.get_serializer(search).data, status=201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request, number: str):
        """Cancel a search that is not over."""
        search = the_one(self.get_queryset(), request.user, "search.view", number=number)
        return Response(self.get_serializer(cancel_search(search=search, actor=request.user)).data)

    @extend_schema(responses=CandidateSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def candidates(self, request, number: str):
        """The candidates, most similar first."""
        search = the_one(self.get_queryset(), request.user, "search.view", number=number)
        policy.authorize(request.user, "search.view", search, result=True)
        look(request, "candidates.view", search)
        listed = Candidate.objects.filter(search=search).select_related("search").order_by("rank")
        return Response(CandidateSerializer(listed, many=True).data)


@extend_schema(tags=["candidates"])
class CandidateViewSet(viewsets.GenericViewSet):
    """One candidate."""

    serializer_class = CandidateSerializer
    queryset = Candidate.objects.none()
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(parameters=[ID])
    def retrieve(self, request, pk: str):
        """A candidate of a search this person may see."""
        visible = Candidate.objects.filter(search__case__in=cases_visible_to(request.user))
        visible = visible.select_related("search__case")
        candidate = the_one(visible, request.user, "search.view", about="search", pk=int(pk))
        policy.authorize(request.user, "search.view", candidate.search, result=True)
        look(request, "candidates.view", candidate.search)
        return Response(self.get_serializer(candidate).data)
