"""What the adapters share: turning a maker's loose values into canonical ones.

An adapter only translates the shape; the canonical checks follow. What a maker's device writes in a field that is not
vital (a make of 200 characters, a confidence of -1) is cleaned or left out here, so that it never costs the read.
"""

from hashlib import sha256
from math import isfinite
from typing import Any

from parking.ingest.item import SIDES
from parking.ingest.parsed import DeviceSettings

UNKNOWN = frozenset({"", "-", "--", "unknown", "none", "null", "n/a"})


def short(value: Any, longest: int) -> str:
    """Text without unprintable characters, cut to `longest`; "" for the makers' words for unknown."""
    if not isinstance(value, str):
        return ""
    cleaned = "".join(character for character in value[: 4 * longest] if character.isprintable()).strip()
    return "" if cleaned.lower() in UNKNOWN else cleaned[:longest].strip()


def scaled(value: Any, top: float) -> float | None:
    """A confidence on a scale from 0 to `top`, as a number or a text, brought to 0 to 1; None when it is neither."""
    found = numeric(value)
    return None if found is None or not 0.0 <= found <= top else found / top


def numeric(value: Any) -> float | None:
    """A finite number out of a number or a text such as "37.9", else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def objects(value: Any) -> list[dict]:
    """The objects in a list; [] when it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inner(value: Any) -> dict:
    """The object, {} when it is none."""
    return value if isinstance(value, dict) else {}


def first(value: Any) -> dict:
    """The first object of a list of guesses, best first; {} when there is none."""
    return next(iter(objects(value)), {})


def identity(given: Any, *parts: Any) -> str:
    """The maker's id where it is a text of up to 80 characters, else one made of `parts` (camera, time, plate).

    The made-up id is the same whenever the same read is sent again.
    """
    if isinstance(given, str) and 0 < len(given.strip()) <= 80 and given.isprintable():
        return given.strip()
    basis = "\x1f".join(_word(part) for part in (given, *parts))
    return "made-" + sha256(basis.encode("utf-8", "replace")).hexdigest()[:32]


def _word(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, int):
        return hex(part)  # str() refuses whole numbers of thousands of digits
    return repr(part) if isinstance(part, float) else type(part).__name__


def side(settings: DeviceSettings, camera: str) -> str:
    """Where the city says that this camera looks, "" when it does not say."""
    known = settings.camera_sides.get(camera, "")
    return known if known in SIDES else ""


def place(latitude: Any, longitude: Any, none: float = 0.0) -> dict | None:
    """Coordinates as a canonical `observer`; None when they are missing or both are `none` or 0."""
    lat, lon = numeric(latitude), numeric(longitude)
    if lat is None or lon is None or (lat, lon) in ((none, none), (0.0, 0.0)):
        return None
    return {"lat": lat, "lon": lon}


def candidates(value: Any, plate: str, confidence: str, top: float, most: int) -> list[dict]:
    """Other readings of the plate out of a list of objects; unreadable ones are left out."""
    found = []
    for one in objects(value)[:most]:
        text = short(one.get(plate), 12)
        if text.isascii() and text:
            found.append({"plate": text, "confidence": scaled(one.get(confidence), top)})
    return found


def picture(kind: str, base64: Any) -> list[dict]:
    """A canonical picture out of base64 text, in a list; empty when there is none."""
    return [{"kind": kind, "base64": base64}] if isinstance(base64, str) and base64.strip() else []
