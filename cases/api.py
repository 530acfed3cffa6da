"""The API of cases and evidence: services write, selectors read, the door decides."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from cases.finding import the_one
from cases.models import Case, CustodyEntry, Evidence, NibrsOffense
from cases.selectors import cases_visible_to, matching
from cases.services.case import open_case
from cases.services.evidence import add_evidence
from ecpd.accounts.tokens import ask_scope
from ecpd.checks.plain import is_plain
from ecpd.policy import engine as policy

WORDS = OpenApiParameter("q", OpenApiTypes.STR, description="Words in number, title, place, people or text.")
CASE = OpenApiParameter("case", OpenApiTypes.STR, description="A case number.")
ID = OpenApiParameter("id", {"type": "integer", "minimum": 1}, OpenApiParameter.PATH)


def in_words(request, name: str) -> str:
    """A parameter of the address as text that PostgreSQL can compare."""
    return request.query_params.get(name, "").replace("\x00", "")


class PlainText(serializers.CharField):
    """Text without control characters: PostgreSQL keeps no NUL, and no person types one."""

    def to_internal_value(self, data):
        """The text, stripped."""
        value = super().to_internal_value(data)
        if not is_plain(value, None):
            raise serializers.ValidationError("Control characters cannot be kept.")
        return value


class PastMoment(serializers.DateTimeField):
    """A moment before now and not before 1900: older ones have clocks that no calendar of today can write down."""

    def to_internal_value(self, value):
        """The moment, with its time zone."""
        moment = super().to_internal_value(value)
        if moment > timezone.now():
            raise serializers.ValidationError("It cannot have happened in the future.")
        if moment.year < 1900:
            raise serializers.ValidationError("It cannot have happened before 1900.")
        return moment


class CaseSerializer(serializers.ModelSerializer):
    """A case. Writing: title, offense (NIBRS code), summary, location, occurred_at, occurred_until."""

    title = PlainText(max_length=200)
    summary = PlainText(required=False, allow_blank=True)
    location = PlainText(required=False, allow_blank=True, max_length=200)
    offense = serializers.PrimaryKeyRelatedField(queryset=NibrsOffense.objects.all(), pk_field=PlainText(max_length=4))
    occurred_at = PastMoment(required=False, allow_null=True)
    occurred_until = PastMoment(required=False, allow_null=True)

    class Meta:
        model = Case
        fields = ["case_number", "title", "summary", "offense", "location", "occurred_at", "occurred_until", "status",
                  "sealed", "opened_at", "last_event_at"]  # fmt: skip
        read_only_fields = ["case_number", "status", "sealed", "opened_at", "last_event_at"]

    def validate(self, answers: dict) -> dict:
        """It began before it ended, and an end has a beginning."""
        begun, ended = answers.get("occurred_at"), answers.get("occurred_until")
        if ended and (not begun or ended < begun):
            raise serializers.ValidationError("It cannot have ended before it began.")
        return answers


class CustodySerializer(serializers.ModelSerializer):
    """A link of the chain of custody."""

    recorded_by = serializers.CharField(source="recorded_by.display_name")

    class Meta:
        model = CustodyEntry
        fields = ["at", "action", "from_party", "to_party", "reason", "recorded_by", "recorded_at"]


class EvidenceSerializer(serializers.ModelSerializer):
    """An exhibit with its file's hash and its custody."""

    case = serializers.CharField(source="case.case_number")
    label = serializers.CharField()
    sha256 = serializers.CharField(source="file.sha256", default=None, allow_null=True)
    size = serializers.IntegerField(source="file.size", default=None, allow_null=True)
    derived_from = serializers.CharField(source="derived_from.label", default=None, allow_null=True)
    custody = CustodySerializer(many=True)

    class Meta:
        model = Evidence
        fields = ["id", "case", "label", "kind", "title", "description", "origin_kind", "origin", "obtained_at", "sha256",
                  "size", "file_name", "location", "derived_from", "derivation", "added_at", "withdrawn_at",
                  "withdrawn_reason", "custody"]  # fmt: skip


class EvidenceUploadSerializer(serializers.Serializer):
    """A new exhibit, as multipart form data."""

    case = PlainText(max_length=12)
    kind = serializers.ChoiceField(choices=Evidence.Kind.choices)
    title = PlainText(max_length=200)
    description = PlainText(required=False, allow_blank=True)
    origin_kind = serializers.ChoiceField(choices=Evidence.Origin.choices)
    origin = PlainText(max_length=300)
    obtained_at = PastMoment()
    file = serializers.FileField(required=False)


@extend_schema(tags=["cases"])
class CaseViewSet(viewsets.GenericViewSet):
    """Cases this person may see."""

    serializer_class = CaseSerializer
    lookup_field = "case_number"
    lookup_value_regex = r"\d{2}-\d{6}"
    queryset = Case.objects.none()

    def get_queryset(self):
        """The person's cases, newest event first."""
        return cases_visible_to(self.request.user).select_related("offense").order_by("-last_event_at", "-id")

    @extend_schema(parameters=[WORDS])
    def list(self, request):
        """Cases, newest event first."""
        policy.authorize_role(request.user, "case.view")
        page = self.paginate_queryset(matching(self.get_queryset(), in_words(request, "q")))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request, case_number: str):
        """One case; opening it is on the record."""
        case = the_one(self.get_queryset(), request.user, "case.view", case_number=case_number)
        policy.authorize(request.user, "case.view", case)
        return Response(self.get_serializer(case).data)

    def create(self, request):
        """Open a case."""
        ask_scope(request, "case.create")
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(self.get_serializer(open_case(actor=request.user, **asked.validated_data)).data, status=201)


@extend_schema(tags=["evidence"])
class EvidenceViewSet(viewsets.GenericViewSet):
    """Exhibits of cases this person may see."""

    serializer_class = EvidenceSerializer
    parser_classes = [MultiPartParser]
    lookup_value_regex = r"\d{1,18}"
    queryset = Evidence.objects.none()

    def get_queryset(self):
        """With file, original and custody."""
        visible = Evidence.objects.filter(case__in=cases_visible_to(self.request.user))
        return visible.select_related("case", "file", "derived_from").prefetch_related("custody__recorded_by")

    @extend_schema(parameters=[CASE])
    def list(self, request):
        """Exhibits, of one case when it is named."""
        policy.authorize_role(request.user, "case.view")
        found = self.get_queryset().order_by("-id")
        if case := in_words(request, "case"):
            found = found.filter(case__case_number=case)
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(parameters=[ID])
    def retrieve(self, request, pk: str):
        """One exhibit with its custody."""
        exhibit = the_one(self.get_queryset(), request.user, "case.view", pk=int(pk))
        policy.authorize(request.user, "case.view", exhibit)
        return Response(self.get_serializer(exhibit).data)

    @extend_schema(request={"multipart/form-data": EvidenceUploadSerializer})
    def create(self, request):
        """Add an exhibit with its file."""
        ask_scope(request, "evidence.add")
        asked = EvidenceUploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answers = dict(asked.validated_data)
        case = the_one(cases_visible_to(request.user), request.user, "case.view", case_number=answers.pop("case"))
        file = answers.pop("file", None)
        exhibit = add_evidence(
            case=case, actor=request.user, file=file, file_name=file.name if file else "", **answers
        )  # fmt: skip
        return Response(self.get_serializer(self.get_queryset().get(pk=exhibit.pk)).data, status=201)
