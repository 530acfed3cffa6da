"""A server that dies under `make run` is started again where it was, with what it kept; one that cannot is given up."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
import redis

from ecpd.embedded import ServiceError, Services, supervisor
from tests.embedded.conftest import kill_server
from tests.waiting import until


class Impatient(threading.Event):
    """Nobody asked to stop, and pauses take no time."""

    def wait(self, timeout=None) -> bool:
        return super().wait(0.01)


@pytest.fixture
def services(place) -> Iterator[Services]:
    """Both servers, with something kept in each, watched as `make run` does."""
    with Services(place) as running:
        with psycopg.connect(running.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1); GRANT SELECT ON kept TO ecpd_app")
        redis.Redis.from_url(running.valkey.url).set("kept", "1")
        stopping = threading.Event()
        watch = threading.Thread(target=supervisor._watch, args=([], running, {}, stopping))
        watch.start()
        yield running
        stopping.set()
        watch.join(60)


@pytest.mark.parametrize("server", ["pg", "valkey"])
def test_a_killed_server_is_back_at_its_address_with_what_it_kept(services, place, server):
    address, before = services.environment, (services.postgres.process, services.valkey.process)

    def back() -> bool:
        with suppress(psycopg.OperationalError, redis.exceptions.RedisError):
            with psycopg.connect(address["DATABASE_URL"]) as application:
                [kept] = application.execute("SELECT n FROM kept").fetchone()
            return (kept, redis.Redis.from_url(address["CELERY_BROKER_URL"]).get("kept")) == (1, b"1")
        return False

    kill_server(place, server)
    until(lambda: (services.postgres.process, services.valkey.process) != before)
    until(back)
    assert services.environment == address


def test_one_that_cannot_be_started_again_is_given_up_with_the_reason(place):
    with Services(place) as running:
        (place / "pg" / "PG_VERSION").write_text("9.4\n")
        kill_server(place, "pg")
        with pytest.raises(ServiceError, match=r"^PostgreSQL fell 6 times in a row; .*postgres\.log says why\.$"):
            supervisor._watch([], running, {}, Impatient())
