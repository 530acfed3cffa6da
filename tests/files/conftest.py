"""An empty store for each test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    """What lies in the store, copies for showing left aside: names of files, those on their way included."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def names() -> set[str]:
        found = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
        return {path.name for path in found if path.parent.name != "shown"}

    return names
