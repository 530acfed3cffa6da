"""What the API takes as a body."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


@contextmanager
def refused_when_too_deep() -> Iterator[None]:
    """Raises ParseError when the block, which works on JSON, comes to no end of lists within lists."""
    try:
        yield
    except RecursionError as error:
        raise ParseError("The JSON is nested too deeply.") from error


class PlainJSONParser(JSONParser):
    """JSON that can be kept and sent back: no halves of characters, no nesting without end."""

    def parse(self, stream, media_type=None, parser_context=None):
        """The parsed body. Raises ParseError."""
        with refused_when_too_deep():
            data = super().parse(stream, media_type, parser_context)
            try:
                json.dumps(data, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                raise ParseError("The text holds half of a character (a lone surrogate).") from error
        return data
