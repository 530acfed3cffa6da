"""The demo agency with few fillers: what it is made of is the same, and it loads in seconds."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from leads.demo import gallery

FEW = 300


@pytest.fixture
def demo_place(settings, monkeypatch, tmp_path) -> Path:
    """A demo installation: its own data directory, few fillers, and only what this room loads."""
    settings.DEMO, settings.DEMO_LOADERS = True, []
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(gallery, "FILLERS", FEW)
    return settings.DATA_DIR


@pytest.fixture
def load_demo(demo_place) -> Callable[..., str]:
    """Runs the command; returns what it printed."""

    def run(*options: str) -> str:
        out = io.StringIO()
        call_command("load_demo", *options, stdout=out)
        return out.getvalue()

    return run
