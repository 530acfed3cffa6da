"""The doctor finds what is not well, and each finding says what to do."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ecpd.audit.checking import carry_out_requests
from ecpd.audit.findings import Finding as Break
from ecpd.audit.services import ask_for_check
from ecpd.audit.verification import Verification, keep
from ecpd.doctor import CHECKS, Finding, State, examine, machine, services
from ecpd.embedded import processes
from ecpd.embedded.programs import schedule_file
from leads.doctor import face_models
from tests.conftest import start_worker
from tests.sealing import as_role, seal
from tests.waiting import until


def test_a_finding_that_is_not_ok_says_what_to_do(db):
    findings = list(examine(CHECKS))
    assert len(findings) == len(CHECKS)
    assert all(finding.fix for finding in findings if finding.state is not State.OK)


def test_a_check_that_breaks_is_a_finding_and_the_others_are_made():
    def broken() -> Finding:
        raise RuntimeError("the wire is cut\nand more")

    findings = list(examine([broken, machine.processor]))
    assert (findings[0].state, findings[0].topic, findings[0].sentence) == (State.FAIL, "broken", "the wire is cut")
    assert findings[1].topic == "processor"


@pytest.mark.parametrize(
    ("flags", "state"),
    [("fpu sse2", State.FAIL), ("fpu sse2 sse4_2", State.WARN), ("sse4_2 avx2", State.OK), ("", State.OK)],
)
def test_the_processor_is_judged_by_what_it_can_do(flags, state, tmp_path, monkeypatch):
    (tmp_path / "cpuinfo").write_text(f"processor : 0\nflags : {flags}\n")
    monkeypatch.setattr(machine, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert machine.processor().state is state


@pytest.mark.parametrize(("free", "state"), [(2**20, State.FAIL), (5 * 2**30, State.WARN), (2**40, State.OK)])
def test_the_disk_is_judged_by_its_free_space(free, state, monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(2**41, 0, free))
    assert machine.disk().state is state


def test_a_secret_key_that_others_can_read_is_found(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    settings.DATA_DIR, settings.SECRET_KEY = tmp_path, "k" * 60
    assert "restart" in machine.secret_key().sentence
    key = tmp_path / "secret_key"
    key.write_text("k" * 60)
    key.chmod(0o644)
    assert machine.secret_key().fix == f"Run `chmod 600 {key}`."
    key.chmod(0o600)
    assert machine.secret_key().state is State.OK
    monkeypatch.setattr(machine.os, "access", lambda path, mode: path != key)
    assert machine.secret_key().sentence.startswith(f"This account cannot read {key}")
    settings.SECRET_KEY = "short"
    assert machine.secret_key().state is State.FAIL


def test_one_changed_byte_in_a_face_model_is_found(settings, tmp_path):
    assert face_models().state is not State.FAIL
    copy = tmp_path / "pack"
    shutil.copytree(settings.MODEL_DIR, copy)
    task = json.loads((copy / "manifest.json").read_text())["tasks"]["recognition"]["file"]
    model = bytearray((copy / task).read_bytes())
    model[len(model) // 2] ^= 1
    (copy / task).write_bytes(model)
    settings.MODEL_DIR = copy
    assert face_models().state is State.FAIL
    assert "make setup" in face_models().fix


def test_missing_face_models_and_front_end_files_are_found(settings, tmp_path, monkeypatch):
    settings.MODEL_DIR = tmp_path / "nowhere"
    assert face_models().state is State.FAIL
    monkeypatch.setattr(machine.finders, "find", lambda _: None)
    assert machine.front_end().state is State.FAIL


@pytest.mark.parametrize("check", ["database", "extensions", "migrations", "privileges", "guards", "clock", "broker",
                                   "verification"])  # fmt: skip
def test_the_services_of_the_tests_are_well(db, check):
    assert getattr(services, check)().state is State.OK


def test_an_unapplied_migration_is_found(owner_cursor):
    owner_cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert services.migrations().sentence == "1 not applied."


def test_an_application_that_is_a_superuser_is_found(owner_cursor):
    assert services.privileges().state is State.FAIL


def test_a_trigger_that_is_switched_off_is_found(owner_cursor):
    model, trigger = pgtrigger.registered()[0]
    table = connection.ops.quote_name(model._meta.db_table)
    owner_cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger.get_pgid(model)}")
    assert (
        services.guards().sentence == f"The guard {trigger.get_pgid(model)} on {model._meta.db_table} is switched off."
    )


def test_a_verification_that_found_breaks_or_never_ended_is_told(db, moved_to):
    assert "None was made yet" in services.verification().sentence
    ask_for_check()
    assert services.verification().state is State.OK, "it may take a while"
    with moved_to(timezone.now() + timedelta(hours=3)):
        assert "has no result" in services.verification().sentence
    seal()
    with as_role("ecpd_sealer"):
        carry_out_requests()
    assert services.verification().sentence.startswith("The record was intact at")
    with as_role("ecpd_sealer"):
        findings = [Break(7, "changed", "Entry 7 was changed after it was sealed.")]
        keep(Verification(9, 9, findings, 1, (9, "0" * 64), 0.1))
    told = services.verification()
    assert told.state is State.FAIL and told.sentence.endswith(
        "found the record broken: Entry 7 was changed after it was sealed."
    )


def test_a_database_that_keeps_another_time_is_found(db, monkeypatch):
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setattr(services, "_rows", lambda _: [(hour_ago,)])
    assert services.clock().sentence == "3600 s apart from the database's."


def test_a_missing_extension_and_an_old_one_are_found(db, monkeypatch):
    monkeypatch.setattr(services, "_rows", lambda _: [("vector", "0.8.2")])
    assert services.extensions().sentence == "Missing: pg_trgm."
    monkeypatch.setattr(services, "_rows", lambda _: [("vector", "0.7.4"), ("pg_trgm", "1.6")])
    assert services.extensions().sentence == "pgvector 0.7.4."


def test_without_a_worker_searches_would_wait(db):
    assert services.worker().state is State.FAIL
    assert "celery -A ecpd.celery worker --queues celery,alerts,opinions,pictures,reads" in services.worker().fix


def test_a_worker_that_answers_is_counted(celery_worker_process):
    assert services.worker() == Finding("worker", State.OK, "1 at work, every queue is served.")


def test_a_queue_that_nobody_works_on_is_named(celery_worker_process, monkeypatch):
    monkeypatch.setitem(services.app.conf.task_routes, "some.task", {"queue": "forgotten"})
    assert services.worker().state is State.FAIL
    assert services.worker().sentence == "Nobody works on forgotten: what is sent there waits."


@pytest.fixture
def twins(transactional_db, service_env, tmp_path) -> Iterator[str]:
    """Two workers under one name, each with queues that the other has not; the name."""
    name, halves = f"twin-{os.getpid()}@worker", ("celery,reads", "alerts,pictures,opinions")
    started = [
        start_worker(queues, name, log=tmp_path / f"{number}.log", env=service_env)
        for number, queues in enumerate(halves)
    ]
    try:
        until(lambda: len(services.app.control.ping(timeout=1.0)) == 2, seconds=90)
        yield name
    finally:
        for process in started:
            processes.stop(process, seconds=30)


def test_workers_that_share_a_name_are_named_and_none_of_their_queues_is_called_idle(twins):
    found = services.worker()
    assert found.state is State.FAIL and "--hostname" in found.fix
    assert found.sentence.startswith(f"2 workers are called {twins}:")


def test_beat_is_known_by_its_trace(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert services.beat().state is State.WARN
    schedule_file(tmp_path).parent.mkdir(parents=True)
    trace = schedule_file(tmp_path).with_suffix(".db")
    trace.touch()
    assert services.beat().state is State.OK
    os.utime(trace, (time.time() - 1800, time.time() - 1800))
    assert services.beat().sentence == "Its last trace is 30 minutes old."


def test_the_command_fails_when_something_does(db, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", no_color=True)
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert "fail  worker" in printed.out
    assert "to mend." in printed.err
