"""What the API takes as a body."""

import json

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJSONParser(JSONParser):
    """JSON that can be kept and sent back: no halves of characters, no nesting without end."""

    def parse(self, stream, media_type=None, parser_context=None):
        """The parsed body. Raises ParseError."""
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ParseError("The text holds half of a character (a lone surrogate).") from error
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        return data
