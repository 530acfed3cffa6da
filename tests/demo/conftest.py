"""The demo agency with few fillers: what it is made of is the same, and it loads in seconds."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from leads.demo import gallery

FEW = 300


@contextmanager
def placed(folder: Path) -> Iterator[Path]:
    """A demo installation: its own data directory, few fillers, and only what this room loads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEMO", True)
        patch.setattr(settings, "DEMO_LOADERS", [])
        patch.setattr(settings, "DATA_DIR", folder / "data")
        patch.setattr(gallery, "FILLERS", FEW)
        yield folder / "data"


def loading(*options: str) -> str:
    """Run the command; returns what it printed."""
    out = io.StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def demo_place(tmp_path) -> Iterator[Path]:
    """A demo installation for one test."""
    with placed(tmp_path) as data_dir:
        yield data_dir


@pytest.fixture
def load_demo(demo_place) -> Callable[..., str]:
    """Runs the command; returns what it printed."""
    return loading


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, kept) -> Iterator[str]:
    """The demo, loaded once for a module's tests; what the command printed."""
    with placed(tmp_path_factory.mktemp("demo")):
        yield loading()
