"""Citations, to read: each look is recorded (PK-06)."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from ecpd.policy import engine as policy
from parking.models import Citation, LedgerEntry, PlateQuery
from parking.selectors.citation import STANDINGS, WORDS, citation_in_full, citations_listed, found_by
from parking.selectors.citation_clock import clocks_of
from parking.services.access import note_work

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)


class LedgerEntrySerializer(serializers.ModelSerializer):
    """An entry; positive cents are owed."""

    class Meta:
        model = LedgerEntry
        fields = ["kind", "amount_cents", "on", "reason", "reference"]


class ClockSerializer(serializers.Serializer):
    """A clock; last_day is null while it does not run."""

    stage = serializers.CharField()
    last_day = serializers.DateField(allow_null=True)
    why = serializers.CharField()


class CitationSerializer(serializers.ModelSerializer):
    """A citation as a list shows it."""

    zone = serializers.UUIDField(source="zone_id", allow_null=True)
    issued_by = serializers.CharField(source="issued_by.display_name")
    owed_cents = serializers.IntegerField(source="owed")
    standing = serializers.ChoiceField(choices=[(key, words) for key, words, _, _ in STANDINGS])

    class Meta:
        model = Citation
        fields = ["number", "section", "title", "violation_at", "place", "zone", "plate", "plate_state",
                  "registration_expiry", "vin_last4", "color", "make", "body", "amount_cents", "due_on", "issued_at",
                  "issued_by", "owed_cents", "standing"]  # fmt: skip


class CitationInFullSerializer(CitationSerializer):
    """A citation with its ledger and clocks."""

    ledger = LedgerEntrySerializer(source="entries", many=True)
    clocks = serializers.SerializerMethodField()

    class Meta(CitationSerializer.Meta):
        fields = [*CitationSerializer.Meta.fields, "ledger", "clocks"]

    @extend_schema(responses=ClockSerializer(many=True))
    def get_clocks(self, citation) -> list[dict]:
        """The three clocks."""
        return ClockSerializer(clocks_of(citation), many=True).data


@extend_schema(tags=["citations"])
class CitationViewSet(viewsets.GenericViewSet):
    """Citations for who may look at them. Reading only: a citation is issued by a person at the vehicle (PK-07)."""

    serializer_class = CitationSerializer
    lookup_field = "number"
    lookup_value_regex = r"\d{2}-\d{6,8}-\d"
    queryset = Citation.objects.none()

    @extend_schema(
        parameters=[
            OpenApiParameter("standing", OpenApiTypes.STR, enum=sorted(WORDS)),
            OpenApiParameter("q", OpenApiTypes.STR, description="Number, plate or place."),
        ],
        responses=CitationSerializer(many=True),
    )
    def list(self, request):
        """Citations, the newest first."""
        policy.authorize_role(request.user, "citation.view")
        asked = {name: request.query_params.get(name, "") for name in ("standing", "q")}
        found = citations_listed().order_by("-issued_at", "-id")
        if asked["standing"] in WORDS:
            found = found.filter(standing=asked["standing"])
        page = self.paginate_queryset(found_by(found, asked["q"]) if asked["q"] else found)
        if page:
            _note(request, "List of citations", {name: word for name, word in asked.items() if word} or {"list": "all"},
                  len(page))  # fmt: skip
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(parameters=[NUMBER], responses=CitationInFullSerializer)
    def retrieve(self, request, number: str):
        """One citation with its ledger and clocks."""
        found = get_object_or_404(Citation, number=number)
        policy.authorize(request.user, "citation.view", found)
        _note(request, f"Citation {number}", {"citation": number}, 1)
        return Response(CitationInFullSerializer(citation_in_full(pk=found.pk)).data)


def _note(request, reason: str, terms: dict, results: int) -> None:
    note_work(
        user=request.user, purpose=PlateQuery.Purpose.CITATION, reason=reason, terms=terms, results=results,
        channel=PlateQuery.Channel.API,
    )  # fmt: skip
