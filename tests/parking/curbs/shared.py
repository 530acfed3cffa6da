"""The sample curb data beside the repository; tests that read it skip where it is absent."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "curbs"


def sample(name: str) -> Any:
    """A sample document, parsed."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip("the sample curb data of ../shared/curbs are not here")
    return json.loads(path.read_text())


def portland() -> list[Any]:
    """Zones and policies of a part of Portland, as CDS 1.0."""
    return [sample("portland_west.cds_zones.json"), sample("portland_west.cds_policies.json")]
