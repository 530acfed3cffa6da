"""The database that is attacked: one for all attacks of a run."""

import os
from pathlib import Path

import environ
import pytest
from django.conf import settings
from django.db import connections

from tests.attacks import battlefield
from tests.attacks.battlefield import Battlefield
from tests.attacks.forms import ALIAS

# Its own command runs it (`make attacks`): it builds and fills a database of its own, which takes minutes.
collect_ignore_glob = [] if os.environ.get("ECPD_ATTACKS") else ["test_*.py"]


@pytest.fixture(scope="session")
def field(tmp_path_factory) -> Battlefield:
    """Migrated and filled once; nothing that an attack does stays."""
    database = f"attacks_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    media: Path = tmp_path_factory.mktemp("media")
    urls = [os.environ[f"ECPD_TEST_{role}_URL"] for role in ("OWNER", "APP", "SEALER")]
    made = battlefield.build(*urls, database, media)
    connections.databases[ALIAS] = settings.DATABASES["default"] | {
        **environ.Env.db_url_config(made.app_url), "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None,
        "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {"MIRROR": None},
    }  # fmt: skip
    yield made
    made.close()
    connections[ALIAS].close()


def pytest_terminal_summary(terminalreporter) -> None:
    """How many attacks on how many guards, and how many went through."""
    from tests.attacks.every import ATTACKS
    from tests.attacks.forms import TRIED

    if TRIED:
        failed = len([one for one in terminalreporter.stats.get("failed", []) if "tests/attacks" in one.nodeid])
        guards = len({attack.guard for attack in ATTACKS})
        terminalreporter.section("attacks")
        terminalreporter.line(
            f"{len(ATTACKS)} attacks on {guards} guards, {TRIED['forms']:,} tries in every form; {failed} through or odd."
        )
