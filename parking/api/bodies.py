"""What readers send as JSON. They never send again, so one bad text must not cost the rest of a delivery."""

from typing import Any

from rest_framework.parsers import JSONParser
from rest_framework.utils import json

from ecpd.web.parsers import refused_when_too_deep


class DeviceJSONParser(JSONParser):
    """JSON whose texts can be kept."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        """The body, its texts mended. Raises ParseError."""
        with refused_when_too_deep():
            return mended(super().parse(stream, media_type, parser_context))


def read_json(text: str) -> Any:
    """The JSON in a form's field, its texts mended; the text itself where it is no JSON. Raises ParseError."""
    with refused_when_too_deep():
        try:
            return mended(json.loads(text))
        except ValueError:
            return mended(text)


def mended(value: Any) -> Any:
    """The value with U+FFFD for every half of a character (a lone surrogate), which UTF-8 cannot hold."""
    if isinstance(value, dict):
        return {mended(key): mended(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [mended(inner) for inner in value]
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value
