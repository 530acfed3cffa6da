"""The database that is attacked: one for all attacks of a run."""

import os
from collections.abc import Iterator
from pathlib import Path

import environ
import pytest
from django.conf import settings
from django.db import connections

from tests.attacks import battlefield, behind
from tests.attacks.battlefield import Battlefield
from tests.attacks.forms import ALIAS, TRIED
from tests.database import MIGRATED
from tests.notes import plain, taken

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Attacks come first: they copy the test database as the migrations left it. Workers have a copy of that."""
    if not hasattr(config, "workerinput"):
        items.sort(key=lambda item: HERE not in item.path.parents)


@pytest.fixture(scope="session")
def field(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Battlefield]:
    """Copied from the test database and filled once; nothing that an attack does stays."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    database = f"attacks_{worker or 'main'}"
    media: Path = tmp_path_factory.mktemp("media")
    urls = [os.environ[f"ECPD_TEST_{role}_URL"] for role in ("OWNER", "APP", "SEALER")]
    with django_db_blocker.unblock():
        template = MIGRATED if worker else connections["default"].settings_dict["NAME"]
        connections["default"].close()
    made = battlefield.build(template, *urls, database, media)
    connections.databases[ALIAS] = settings.DATABASES["default"] | {
        **environ.Env.db_url_config(made.app_url), "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None,
        "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {"MIRROR": None},
    }  # fmt: skip
    yield made
    made.close()
    with django_db_blocker.unblock():
        connections[ALIAS].close()
    del connections.databases[ALIAS]


@pytest.fixture(scope="session")
def reached(field: Battlefield) -> Battlefield:
    """Every column may be written: which may not is tried in test_privileges, which comes before the modules that ask."""
    battlefield.reach(field.owner, field.role)
    return field


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over how much it tried."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput |= {"attacks": plain(TRIED), "behind": plain(behind.MET)}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """A worker is done: take its counts."""
    output = getattr(node, "workeroutput", {})
    TRIED.update(taken(output.get("attacks")))
    behind.MET.update(taken(output.get("behind")))


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """How many attacks on how many guards in how many forms, which forms did not apply, which second guards hold.

    The second guards one by one where only attacks were run.
    """
    if not TRIED:
        return
    from tests.attacks.every import ATTACKS

    guards = len({attack.guard for attack in ATTACKS})
    terminalreporter.section("attacks")
    only = all(HERE in (ROOT / one.partition("::")[0]).resolve().parents or ROOT / one == HERE for one in config.args)
    for line in behind.report(len(ATTACKS), guards, each=only):
        terminalreporter.line(line)
    terminalreporter.line(f"They were tried in {TRIED['forms']:,} forms.")
    for reason, times in sorted(TRIED.items()):
        if reason != "forms":
            terminalreporter.line(f"{times:,} forms did not apply: {reason}")
    if os.environ.get("ECPD_ATTACKS_BEHIND"):
        behind.KEPT.write_text(behind.text())
