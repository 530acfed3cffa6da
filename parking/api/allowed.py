"""GET /api/parking/allowed?plate=&state=&zone=&purpose=&reason=: may this plate stand here now, and why."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from parking.models import PlateQuery, Zone
from parking.plates.likeness import normalise
from parking.selectors.allowed import answer_for
from parking.services.access import look

ASKED = ("plate", "state", "zone", "purpose", "reason")


class AskedSerializer(serializers.Serializer):
    """The question; each one is an access to plate data and is recorded (PK-06)."""

    plate = serializers.CharField(max_length=16)
    state = serializers.CharField(max_length=6, required=False, default="", allow_blank=True)
    zone = serializers.PrimaryKeyRelatedField(queryset=Zone.objects.all())
    purpose = serializers.ChoiceField(PlateQuery.Purpose.choices)
    reason = serializers.CharField(max_length=300)

    def validate_plate(self, value: str) -> str:
        """Letters and digits."""
        if not (plate := normalise(value)):
            raise serializers.ValidationError("The plate has no letters or digits.")
        return plate


class FactSerializer(serializers.Serializer):
    """A statement a person can check; `doubt`: it holds only if a person sees so."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    met = serializers.BooleanField()
    doubt = serializers.BooleanField()


class AnswerSerializer(serializers.Serializer):
    """`allowed` is null when a person has to look; `until` is when it changes if the vehicle stays."""

    allowed = serializers.BooleanField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    why = FactSerializer(many=True)


class AllowedView(APIView):
    """The one question, for signed-in people with a role that looks up plate data."""

    @extend_schema(
        tags=["parking"], responses=AnswerSerializer, operation_id="parking_allowed",
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR, required=name != "state",
                             enum=PlateQuery.Purpose.values if name == "purpose" else None)
            for name in ASKED
        ],
    )  # fmt: skip
    def get(self, request) -> Response:
        """Answer for this moment, once the look is recorded. 403 without a role, a purpose or a reason."""
        asked = AskedSerializer(
            data={name: request.query_params[name] for name in ASKED if name in request.query_params}
        )
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        terms = {"plate": told["plate"], "state": told["state"], "zone": str(told["zone"].pk)}
        look(user=request.user, purpose=told["purpose"], reason=told["reason"], terms=terms,
             channel=PlateQuery.Channel.API, results=1)  # fmt: skip
        answer = answer_for(plate=told["plate"], plate_state=told["state"], zone=told["zone"], at=timezone.now())
        return Response(AnswerSerializer(answer).data)
