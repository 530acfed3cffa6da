"""Starts the embedded services before Django reads its settings. Loaded with `-p tests.plugin` (pyproject.toml).

One PostgreSQL and one Valkey serve the whole run; each xdist worker has its own database and broker number.
"""

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

from ecpd.embedded import Services

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _start() -> None:
    scratch = Path(tempfile.mkdtemp(prefix="ecpd-tests-"))
    services = Services(scratch / "services", durable=False)
    services.__enter__()
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    atexit.register(services.__exit__)
    os.environ["ECPD_TEST_SCRATCH"] = str(scratch)
    os.environ["ECPD_TEST_BROKER"] = services.environment["CELERY_BROKER_URL"]
    # Tests connect as the owner, to create the test database, and then take on the application's role (conftest.py).
    os.environ["DATABASE_URL"] = os.environ["ECPD_TEST_OWNER_URL"] = services.environment["DATABASE_OWNER_URL"]
    os.environ["ECPD_TEST_APP_URL"] = services.environment["DATABASE_URL"]
    os.environ["ECPD_TEST_SEALER_URL"] = services.environment["DATABASE_SEALER_URL"]


if not WORKER:
    _start()

number = int(WORKER.removeprefix("gw") or 0)
scratch = Path(os.environ["ECPD_TEST_SCRATCH"])
os.environ["CELERY_BROKER_URL"] = os.environ["ECPD_TEST_BROKER"].removesuffix("/0") + f"/{number}"
os.environ["ECPD_MEDIA_ROOT"] = str(scratch / f"media-{WORKER or 'main'}")
os.environ["ECPD_PROCESS"] = "command"  # Celery's module, once imported, calls its process a worker
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ["ECPD_LONGEST_WAIT_AUDIT_ENTRIES"] = "86400"  # no sealer runs beside the tests (tests/sealing.py)
os.environ["ECPD_MFA_KEY"] = "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtMzI="
os.environ["DATABASE_CONN_MAX_AGE"] = "0"


def pytest_collection_finish() -> None:
    """Thousands of tests and all libraries are there by now and stay: they need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
