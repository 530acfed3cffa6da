"""Where other makers' readers send what they see, each in its own shape: POST /api/parking/ingest/<format>/<token>."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.response import Response

from ecpd.checks.plain import DEEPEST, is_countable
from parking.api.bodies import DeviceJSONParser, read_json
from parking.api.reads import BatchAnswer, BatchProblem, FromDevice, answer_of, limits
from parking.ingest.errors import BadBatch
from parking.ingest.parsed import DeviceSettings, Parsed
from parking.ingest.platerecognizer import read_platerecognizer
from parking.ingest.rekor import read_rekor
from parking.ingest.sharpv import read_sharpv
from parking.services import ingest
from parking.services.device import device_of

PICTURES = ("_jpeg", "image")
LONGEST_TEXT = 10_000


@extend_schema(tags=["parking"], parameters=[OpenApiParameter("token", OpenApiTypes.STR, OpenApiParameter.PATH)])
class MakerView(FromDevice):
    """One maker's deliveries; whatever the device is registered as, the address says what it speaks."""

    parser_classes = [DeviceJSONParser]

    @extend_schema(request=OpenApiTypes.OBJECT, responses=BatchAnswer)
    def post(self, request, token: str) -> Response:
        """Take a delivery: bad items are refused one by one, the rest is kept, twice sent is taken once."""
        device = device_of(token)
        settings = DeviceSettings(device.time_zone, device.camera_sides)
        try:
            parsed = self.parsed(request, settings)
        except BadBatch as wrong:
            raise BatchProblem(wrong) from wrong
        return Response(answer_of(ingest.take(device=device, parsed=parsed, raw=without_pictures(self.body(request)))))

    def parsed(self, request, settings: DeviceSettings) -> Parsed:
        """The delivery, taken apart. Raises BadBatch."""
        raise TypeError("A maker's view says how its deliveries are read.")

    def body(self, request) -> Any:
        """What was sent, for keeping."""
        return request.data


class RekorView(MakerView):
    """Rekor Scout and OpenALPR agents."""

    def parsed(self, request, settings: DeviceSettings) -> Parsed:
        """alpr_group, alpr_results, alpr_alert, heartbeat."""
        return read_rekor(request.data, received_at=timezone.now(), settings=settings, limits=limits())


class SharpVView(MakerView):
    """Genetec SharpV cameras."""

    def parsed(self, request, settings: DeviceSettings) -> Parsed:
        """One event or a list of them."""
        return read_sharpv(request.data, received_at=timezone.now(), settings=settings, limits=limits())


class PlateRecognizerView(MakerView):
    """Plate Recognizer Stream: a form with pictures, or JSON."""

    parser_classes = [DeviceJSONParser, MultiPartParser, FormParser]

    def parsed(self, request, settings: DeviceSettings) -> Parsed:
        """The webhook's JSON and its pictures."""
        files = {name: file.read(limits().image_bytes + 1) for name, file in request.FILES.items()}
        return read_platerecognizer(
            self.body(request), files, received_at=timezone.now(), settings=settings, limits=limits()
        )

    def body(self, request) -> Any:
        """The form's field `json`, decoded where it is JSON."""
        if not hasattr(request.data, "getlist") or "json" not in request.data:
            return request.data
        return read_json(request.data["json"])


def without_pictures(value: Any, left: int = DEEPEST - 1) -> Any:
    """The body for replay: pictures inside it are left out, and texts are cut at 10,000 characters.

    What PostgreSQL's JSON cannot hold, a NUL or a number without end, is left out too; the read itself was refused
    for it already. So is what lies deeper than `left` levels, where no maker puts anything.
    """
    if isinstance(value, dict | list) and not left:
        return None
    if isinstance(value, dict):
        return {
            key.replace("\0", ""): None if key.lower().endswith(PICTURES) else without_pictures(inner, left - 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [without_pictures(inner, left - 1) for inner in value]
    if isinstance(value, int | float) and not is_countable(value):
        return None
    return value.replace("\0", "")[:LONGEST_TEXT] if isinstance(value, str) else value
