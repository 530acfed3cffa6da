"""Where readers send what they see. The token stands in the address: these senders cannot be counted on for a header.

POST /api/parking/reads/<token>                     canonical batches
PUT  /api/parking/images/<token>/<sha256>           a picture that a batch announced
POST /api/parking/ingest/<format>/<token>           Rekor/OpenALPR, Plate Recognizer Stream, Genetec SharpV
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.response import Response
from rest_framework.views import APIView

from ecpd.policy import engine as policy
from ecpd.problem import ProblemError
from parking.api.bodies import DeviceJSONParser
from parking.ingest.batch import read_batch
from parking.ingest.errors import BadBatch
from parking.ingest.parsed import Limits
from parking.services import ingest
from parking.services.device import device_of
from parking.services.images import receive_image


class ItemAnswer(serializers.Serializer):
    """What became of one item."""

    index = serializers.IntegerField()
    device_seq = serializers.CharField()
    status = serializers.ChoiceField(["accepted", "duplicate", "rejected"])
    code = serializers.CharField()
    reason = serializers.CharField()


class BatchAnswer(serializers.Serializer):
    """Counts, and every item in the order it was sent."""

    accepted = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    rejected = serializers.IntegerField()
    skew_seconds = serializers.FloatField(allow_null=True)
    items = ItemAnswer(many=True)


class BatchProblem(ProblemError):
    """A body that is no delivery at all."""

    title = "That is no delivery of reads"

    def __init__(self, wrong: BadBatch) -> None:
        self.code = wrong.code
        super().__init__(str(wrong))


class FromDevice(APIView):
    """Open without a sign-in: the token in the address says which reader it is."""

    authentication_classes: list = []
    permission_classes: list = []
    throttle_classes: list = []  # a reader sends hundreds of reads a second


def limits() -> Limits:
    """How much a delivery may hold, from the settings; what the manual would have deleted already is not taken."""
    days = int(policy.parameter("plate_retention_days"))
    return Limits(items=settings.PARKING_BATCH_ITEMS, retention=timedelta(days=days))


@extend_schema(tags=["parking"])
class ReadsView(FromDevice):
    """Canonical batches of at most 500 reads."""

    parser_classes = [DeviceJSONParser]

    @extend_schema(request=OpenApiTypes.OBJECT, responses=BatchAnswer)
    def post(self, request, token: str) -> Response:
        """Take a batch: bad items are refused one by one, the rest is kept, twice sent is taken once."""
        device = device_of(token)
        try:
            parsed = read_batch(request.data, received_at=timezone.now(), limits=limits())
        except BadBatch as wrong:
            raise BatchProblem(wrong) from wrong
        return Response(answer_of(ingest.take(device=device, parsed=parsed)))


def answer_of(taken: ingest.Taken) -> dict:
    """The answer's body."""
    counts = {status: taken.count(status) for status in ("accepted", "duplicate", "rejected")}
    return counts | {"skew_seconds": taken.batch.skew_seconds, "items": taken.items}


class RawBytes(BaseParser):
    """The body as it is."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        """At most one byte more than a picture may have."""
        return stream.read(settings.PARKING_IMAGE_BYTES + 1)


@extend_schema(tags=["parking"])
class ImageView(FromDevice):
    """Pictures come after the reads, on their own way."""

    parser_classes = [RawBytes]

    @extend_schema(
        request={"image/*": OpenApiTypes.BINARY},
        responses=inline_serializer(
            "ImageAnswer", {"sha256": serializers.CharField(), "reads": serializers.IntegerField()}
        ),
    )
    def put(self, request, token: str, sha256: str) -> Response:
        """Keep a picture that a batch announced by its SHA-256. Safe to send twice."""
        device = device_of(token)
        return Response({"sha256": sha256, "reads": receive_image(device=device, sha256=sha256, content=request.data)})
