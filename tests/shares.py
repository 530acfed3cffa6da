"""How the suite is shared out among the workers. Loaded with `-p tests.shares` (pyproject.toml).

A file stays with one worker, so that what it sets up is set up once, and so do the folders of which all files stand on
the same set-up. Attacks, which take longest, are two shares with a copy each of what is attacked. What takes long comes
first, so that the workers end together and none waits for the last browser.

(The marks of xdist's own `loadgroup` are written into an attribute that pytest 9.2 no longer reads.)
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
TOGETHER = ("tests/attacks", "tests/permissions", "tests/upgrade", "tests/walk")
# What is tried on a second copy of the filled database (tests.attacks.battlefield), by another worker or later.
SECOND_COPY = re.compile(r"tests/attacks/(test_races\.py|test_tried\.py::test_each_\w+\[parking_)")
BESIDE = "tests/attacks, second copy"
# The shares that take longest, longest first: the order is all that counts. What is not named comes after them, the
# files with most tests first.
LONGEST = (
    BESIDE,  # before the others: where one worker has both, its world is not aged yet (test_tried_late)
    "tests/embedded/test_run.py",  # needs no database while the first worker migrates (tests/database.py)
    "tests/attacks",
    "tests/permissions",
    "tests/web/test_every_link.py",
    "tests/walk",
    "tests/web/test_every_page.py",
    "tests/leads/warrant/test_machine.py",
    "tests/demo/test_load_demo.py",
    "tests/demo/test_probe.py",
    "tests/upgrade",
    "tests/web/test_accessibility.py",
    "tests/parking/abandoned/test_accessible.py",
    "tests/parking/citation/test_accessible.py",
    "tests/embedded/test_services.py",
    "tests/api/test_fuzzing.py",
    "tests/parking/pages/test_queries.py",
    "tests/cases/test_large_pictures.py",
    "tests/parking/looking/test_memory.py",
    "tests/parking/simulate/test_end_to_end.py",
    "tests/queue/test_deaf_worker.py",
    "tests/leads/search/test_worker_loss.py",
    "tests/cases/test_custody_properties.py",
    "tests/web/test_deployment.py",
    "tests/doctor/test_doctor.py",
)


class Shares(LoadScopeScheduling):
    """Gives whole shares to the workers, in the order in which the tests were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Shares:
    """Ours, whatever `--dist` says."""
    config.option.loadscopereorder = False
    return Shares(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A worker brings the shares into their order; alone, the order of the files stays."""
    if hasattr(config, "workerinput"):
        sizes = Counter(share_of(item.nodeid) for item in items)
        items.sort(key=lambda item: (_place(share_of(item.nodeid)), -sizes[share_of(item.nodeid)]))


def share_of(nodeid: str) -> str:
    """The folder whose tests stay together, or else the test's file; of attacks, which of two copies they need."""
    if SECOND_COPY.match(nodeid):
        return BESIDE
    file = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)


def _place(share: str) -> int:
    return LONGEST.index(share) if share in LONGEST else len(LONGEST)
