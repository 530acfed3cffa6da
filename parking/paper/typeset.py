"""A template and its content to PDF. The same content and time give the same bytes, so that a paper has a hash."""

import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from ecpd.typesetting import TypesetError, compile_pdf

TEMPLATES = Path(__file__).parent / "templates"
_PRINTABLE = "–—‘’“”„†‡•…‰′″‹›€™←↑→↓−≈≠≤≥"


def typeset(template: str, content: dict[str, Any], *, at: datetime) -> bytes:
    """`templates/<template>.typ` with `content` (JSON) as a tagged PDF/UA-1, dated `at`.

    Characters that no font has are spelled as their Unicode numbers, never left out.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in TEMPLATES.glob("*.typ"):
            (folder / part.name).write_bytes(part.read_bytes())
        for keeps in (_everything, _latin, str.isascii):
            (folder / "content.json").write_text(json.dumps(_spelled(content, keeps)), encoding="utf-8")
            try:
                return _compile(folder / f"{template}.typ", int(at.timestamp()))
            except TypesetError as error:
                if "could not be displayed" not in str(error) or keeps is str.isascii:
                    raise
    raise AssertionError("the last spelling either compiles or raises")


def _compile(source: Path, timestamp: int) -> bytes:
    fonts = settings.ASSETS_DIR / "uswds" / "fonts"
    return compile_pdf(source, timestamp=timestamp, font_paths=[fonts] if fonts.is_dir() else [])


def _spelled(value: Any, keeps: Callable[[str], bool]) -> Any:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        return "".join(c if keeps(c) and (c.isprintable() or c.isspace()) else f"[U+{ord(c):04X}]" for c in text)
    if isinstance(value, dict):
        return {key: _spelled(part, keeps) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(part, keeps) for part in value]
    return value


def _everything(character: str) -> bool:
    return True


def _latin(character: str) -> bool:
    return ord(character) < 0x180 or character in _PRINTABLE
