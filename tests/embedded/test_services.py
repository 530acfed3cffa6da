"""PostgreSQL and Valkey: kept data, one owner, and recovery from every kind of death."""

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest
import redis

from ecpd.embedded import ServiceError, Services, running_environment
from ecpd.embedded.services import _socket_dir
from tests.embedded.conftest import embedded, gone, kill_all, living, read_until

HOLD = ("exec", "--", "sh", "-c", "echo ready; read forever")


def write(services: Services) -> None:
    with psycopg.connect(services.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
    redis.Redis.from_url(services.valkey.url).set("kept", "1")


def both_kept(services: Services) -> bool:
    with psycopg.connect(services.environment["DATABASE_OWNER_URL"]) as owner:
        rows = owner.execute("SELECT n FROM kept").fetchall()
    return rows == [(1,)] and redis.Redis.from_url(services.valkey.url).get("kept") == b"1"


def test_a_second_start_is_quick_and_keeps_the_data(place):
    with Services(place) as services:
        write(services)
    began = time.monotonic()
    with Services(place) as services:
        assert time.monotonic() - began < 15
        assert both_kept(services)
    assert living(place) == []


def test_the_application_role_has_no_privileges_of_its_own(place):
    with Services(place) as services, psycopg.connect(services.environment["DATABASE_URL"]) as application:
        row = application.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == ("ecpd_app", False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE TABLE mine (n int)")


def test_no_role_comes_into_the_databases_that_every_server_has(place):
    with Services(place) as services:
        for name in ("DATABASE_URL", "DATABASE_SEALER_URL"):
            for database in ("postgres", "template1"):
                address = services.environment[name].replace("/ecpd?", f"/{database}?")
                with pytest.raises(psycopg.OperationalError, match=f'permission denied for database "{database}"'):
                    psycopg.connect(address)
        with psycopg.connect(services.environment["DATABASE_URL"]) as application:
            ask = "SELECT has_database_privilege('template0', privilege) FROM unnest(ARRAY['CONNECT', 'TEMPORARY']) privilege"
            assert application.execute(ask).fetchall() == [(False,), (False,)]


def test_pgvector_and_trigrams_are_there(place):
    with Services(place) as services, psycopg.connect(services.environment["DATABASE_URL"]) as application:
        found = {name for (name,) in application.execute("SELECT extname FROM pg_extension")}
    assert {"vector", "pg_trgm"} <= found


def test_the_database_listens_on_no_network_address_and_valkey_wants_a_password(place):
    with Services(place) as services:
        with psycopg.connect(services.environment["DATABASE_URL"]) as application:
            assert application.execute("SHOW listen_addresses").fetchone() == ("",)
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis(port=services.valkey.port).ping()


def test_addresses_are_private_and_known_only_while_the_services_run(place):
    with Services(place) as services:
        path = place / "run" / "services.json"
        assert path.stat().st_mode & 0o077 == 0
        assert running_environment(place) == services.environment
    assert running_environment(place) is None
    assert not path.exists()


def test_two_starts_on_one_directory_are_refused_in_a_sentence(place):
    with Services(place), pytest.raises(ServiceError, match=rf"running on {place} already \(process {os.getpid()}\)"):
        Services(place).__enter__()


def test_asking_whether_services_run_does_not_hinder_a_start(place):
    (place / "run").mkdir()
    (place / "run" / "services.json").write_text("{}")
    (place / "run" / "lock").touch()
    assert running_environment(place) is None
    with Services(place) as services:
        assert running_environment(place) == services.environment


def test_a_killed_owner_takes_its_servers_with_it(place):
    with Services(place) as services:
        write(services)
    holder = embedded(place, *HOLD)
    read_until(holder, "ready")
    servers = living(place)
    assert len(servers) > 2
    holder.kill()
    holder.wait(10)
    assert gone(servers)
    with Services(place) as services:
        assert both_kept(services)


def test_everything_killed_at_once_recovers_at_once(place):
    with Services(place) as services:
        write(services)
    holder = embedded(place, *HOLD)
    read_until(holder, "ready")
    holder.kill()
    kill_all(place)
    with Services(place) as services:
        assert both_kept(services)
    holder.wait(10)


@pytest.mark.parametrize("server", ["pg", "valkey"])
def test_a_server_that_outlived_its_owner_is_ended_first(place, server):
    """As on systems whose kernel does not tell children that their parent died."""
    orphanage = Services(place)
    orphanage.__enter__()
    write(orphanage)
    orphans = living(place)
    orphanage._lock.close()
    (orphanage.postgres if server == "valkey" else orphanage.valkey).stop()
    with Services(place) as services:
        assert both_kept(services)
        assert not any(process.is_running() and process in living(place) for process in orphans)


def test_a_stale_pid_file_that_names_a_stranger_does_not_stop_the_start(place):
    with Services(place) as services:
        write(services)
    stale = f"{os.getpid()}\n{place / 'pg'}\n{int(time.time())}\n5432\n{place / 'run' / 'pg'}\n\n  0 0\nready\n"
    (place / "pg" / "postmaster.pid").write_text(stale)
    with Services(place) as services:
        assert both_kept(services)


def test_a_queue_file_cut_in_the_middle_of_a_write_is_read_as_far_as_it_goes(place):
    with Services(place) as services:
        write(services)
        redis.Redis.from_url(services.valkey.url).set("half", "x" * 1000)
    [queue] = [path for path in (place / "valkey" / "appendonlydir").glob("*.incr.aof") if path.stat().st_size]
    os.truncate(queue, queue.stat().st_size - 500)
    with Services(place) as services:
        assert both_kept(services)
        assert redis.Redis.from_url(services.valkey.url).get("half") is None


def test_a_directory_half_made_by_an_interrupted_set_up_is_made_anew(place):
    (place / "pg.new").mkdir()
    (place / "pg.new" / "PG_VERSION").write_text("18")
    with Services(place) as services:
        write(services)
        assert both_kept(services)


def test_a_database_that_cannot_start_is_one_sentence_and_leaves_nothing_running(place):
    with Services(place):
        pass
    (place / "pg" / "PG_VERSION").write_text("9.4\n")
    with pytest.raises(ServiceError, match=r"PostgreSQL ended while starting; .*postgres\.log says why\."):
        Services(place).__enter__()
    assert living(place) == []
    assert not (place / "run" / "services.json").exists()


def test_a_long_path_gets_a_short_socket_directory():
    long = Path("/srv") / ("x" * 120)
    assert len(str(_socket_dir(long))) < 60
    assert _socket_dir(long) == _socket_dir(long)
    assert _socket_dir(long) != _socket_dir(long / "other")


def test_terminating_the_owner_stops_the_servers_properly(place):
    holder = embedded(place, *HOLD)
    read_until(holder, "ready")
    servers = living(place)
    holder.send_signal(signal.SIGTERM)
    holder.wait(30)
    assert gone(servers)
    assert "database system is shut down" in (place / "logs" / "postgres.log").read_text()
