"""AU-01: what is committed has its seal within two seconds, by the rows' own times, whoever else has a transaction open."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from ecpd.audit.models import ChainSeal, Unsealed
from ecpd.embedded import processes
from tests.audit.test_forging import SIGNED_OUT
from tests.logins import address, login  # noqa: F401 the fixture
from tests.waiting import until

MOST_SECONDS = 2


@pytest.fixture
def sealer(transactional_db, service_env) -> Iterator[subprocess.Popen]:
    """The sealer's real process on this test's database, at work when the fixture returns."""
    environment = service_env | {"DATABASE_SEALER_URL": address("ECPD_TEST_SEALER_URL")}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "seal_audit"], env=environment, cwd=environment["PYTHONPATH"]
    )
    try:
        until(lambda: ChainSeal.objects.exists() and not Unsealed.objects.exists())
        yield process
    finally:
        processes.stop(process, seconds=30)


def test_an_entry_is_sealed_within_two_seconds_beside_an_open_transaction(login, sealer):  # noqa: F811
    """The middle one of seven, each written when the one before has its seal: one hiccup of the machine proves nothing."""
    with login() as holder, login() as writer:
        holder.execute("BEGIN")
        holder.execute(SIGNED_OUT)
        lags = sorted(_lag(writer) for _ in range(7))
        assert lags[3] <= MOST_SECONDS
        assert lags[0] >= 0
        sealed = ChainSeal.objects.count()
        holder.execute("COMMIT")
        until(lambda: ChainSeal.objects.count() == sealed + 1)
    assert sealer.poll() is None


def _lag(writer) -> float:
    """Seconds between an entry's own time and its seal's."""
    before = ChainSeal.objects.count()
    writer.execute(SIGNED_OUT)
    until(lambda: ChainSeal.objects.count() == before + 1)
    seal = ChainSeal.objects.select_related("event").order_by("-number").first()
    return (seal.sealed_at - seal.event.at).total_seconds()
