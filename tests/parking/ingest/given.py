"""What the tests of this folder share: samples (invented), the moment of receipt, a good item."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "samples"
RECEIVED = datetime(2026, 11, 24, 17, 30, 10, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 a picture by its first bytes"


def sample(name: str) -> Any:
    """The payload in samples/<name>.json."""
    return json.loads((SAMPLES / f"{name}.json").read_text())


def item(**changes: Any) -> dict:
    """A good canonical item, with changes."""
    return {
        "device_seq": "car7-1",
        "captured_at": "2026-11-24T09:30:00-08:00",
        "plate": "8ABC123",
        "state": "US-CA",
        "confidence": 0.93,
        **changes,
    }
