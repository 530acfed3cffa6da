"""What a worker hands to the controller: one text of JSON, which is plain whatever was put in.

Values of other types, a subclass of `str` among them, end a worker's connection without a word, and every note is lost.
"""

import json
from typing import Any


def plain(notes: Any) -> str:
    """The notes as one text. Raises TypeError for what JSON cannot say."""
    return str.__str__(json.dumps(notes))


def taken(text: str | None) -> Any:
    """The notes again; an empty table where a worker handed over none."""
    return json.loads(text) if text else {}
