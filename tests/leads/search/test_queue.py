"""Nothing queued is lost, nothing is sent too early, and a message is data and nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads, prepare_accept_content

from cases import vault
from ecpd import queue
from ecpd.celery import app
from leads import tasks
from leads.models import GallerySource, ImportBatch, ProbeFaces, SearchRequest
from leads.services import gallery
from leads.services.probe import look_for_faces
from leads.services.running import run
from leads.services.search import request_search
from tests.factories import leads as make

OURS = ("ecpd.", "cases.", "leads.", "parking.")
FACE = {"ordinal": 0, "letter": "A", "box": [0, 0, 80, 80], "landmarks": [], "score": 1.0,
        "quality": make.quality()}  # fmt: skip


@pytest.fixture
def people(db) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, int]]:
    """The messages a broker would have got: the task's name and the row's key."""
    messages: list[tuple[str, int]] = []
    monkeypatch.setattr(queue.outbox, "put", lambda to: messages.append((to[0].rpartition(".")[2], *to[1])))
    return messages


def our_tasks() -> Iterator:
    """Every task of this project."""
    app.loader.import_default_modules()
    return (task for name, task in app.tasks.items() if name.startswith(OURS))


def test_every_task_is_acknowledged_once_done_and_given_back_when_its_worker_is_lost():
    names = {task.name for task in our_tasks()}
    assert names >= {"leads.tasks.run_search", "leads.tasks.run_import", "ecpd.audit.tasks.verify_chain"}
    assert [task.name for task in our_tasks() if not task.acks_late] == []
    assert [task.name for task in our_tasks() if not task.reject_on_worker_lost] == []


def test_a_worker_takes_one_message_at_a_time():
    assert app.conf.worker_prefetch_multiplier == 1


def test_every_task_ends_before_the_broker_gives_its_message_to_somebody_else():
    visible_again = app.conf.broker_transport_options["visibility_timeout"]
    for task in our_tasks():
        hard = task.time_limit or app.conf.task_time_limit
        soft = task.soft_time_limit or app.conf.task_soft_time_limit
        assert 0 < soft < hard < visible_again, task.name


def received(serializer: str) -> object:
    """What a worker reads of a message that was written like this. Raises ContentDisallowed."""
    kind, encoding, content = dumps([[1], {}, {}], serializer=serializer)
    return loads(content, kind, encoding, accept=prepare_accept_content(app.conf.accept_content))


def test_a_message_is_json_both_ways():
    assert received(app.conf.task_serializer) == [[1], {}, {}]
    assert app.conf.accept_content == ["json"]


@pytest.mark.parametrize("serializer", ["pickle", "yaml"])
def test_a_message_that_could_carry_code_is_refused(serializer):
    with pytest.raises(ContentDisallowed):
        received(serializer)


def test_what_the_clock_starts_is_there():
    known = {task.name for task in our_tasks()}
    started = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"leads.tasks.sweep_searches", "leads.tasks.sweep_imports"} <= started <= known


def ask(people: make.Agency) -> SearchRequest:
    """A search through the door, for the face that was found on a probe."""
    probe = make.exhibit(people)
    make.faces_found(probe, [FACE])
    return request_search(
        actor=people.okafor, case=people.case, probe=probe, face_ordinal=0, purpose="suspect",
        offense=people.case.offense, facts=make.FACTS, no_forbidden_ground=True,
    )  # fmt: skip


def look(people: make.Agency) -> ProbeFaces:
    """Faces asked for on a new exhibit."""
    return look_for_faces(make.exhibit(people))


def bring_in(people: make.Agency) -> ImportBatch:
    """An import asked for."""
    return gallery.request_import(
        source=a_source(people), actor=people.marsh, label="Photos", archive=vault.store(make.picture())
    )


def a_source(people: make.Agency) -> GallerySource:
    """A source of the gallery."""
    return make.a_source(people.marsh)


WORK = {"run_search": ask, "detect_faces": look, "run_import": bring_in}


@pytest.mark.parametrize("task", WORK)
def test_a_worker_is_called_once_the_row_is_there_to_be_found(task, people, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        row = WORK[task](people)
        assert sent == []
    for callback in callbacks:
        callback()
    assert sent == [(task, row.pk)]


@pytest.mark.parametrize("task", WORK)
def test_nobody_is_called_for_a_row_that_was_taken_back(task, people, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        block = transaction.atomic()
        block._from_testcase = True  # a door may be the outermost transaction inside
        with block:
            WORK[task](people)
            transaction.set_rollback(True)
    assert sent == []


@pytest.fixture
def sweep(django_capture_on_commit_callbacks):
    """Runs one of the clock's tasks; it has no transaction around it, unlike a test."""

    def run(task) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            task()

    return run


def test_a_search_that_is_left_is_sent_again_and_one_that_is_over_is_not(people, sent, sweep, monkeypatch):
    monkeypatch.setattr(tasks, "LEFT_AFTER", timedelta(seconds=-1))
    queued, begun, cancelled = (make.requested(people) for _ in range(3))
    SearchRequest.objects.filter(pk=begun.pk).update(state="searching")
    SearchRequest.objects.filter(pk=cancelled.pk).update(state="cancelled", finished_at=timezone.now())
    make.candidate(people)
    sweep(tasks.sweep_searches)
    assert sorted(sent) == [("run_search", queued.pk), ("run_search", begun.pk)]


def test_a_search_of_this_moment_is_not_sent_twice(people, sent, sweep):
    make.requested(people)
    look(people)
    sweep(tasks.sweep_searches)
    assert sent == []


def test_an_exhibit_whose_faces_nobody_looked_for_is_sent_again(people, sent, sweep, monkeypatch):
    monkeypatch.setattr(tasks, "LEFT_AFTER", timedelta(seconds=-1))
    left = look(people)
    make.faces_found(make.exhibit(people), [])
    sweep(tasks.sweep_searches)
    assert sent == [("detect_faces", left.pk)]


def test_an_import_whose_worker_vanished_is_sent_again_and_a_live_one_is_not(people, sent, sweep, moved_to):
    now, source = timezone.now(), a_source(people)

    def batch(state: str, heartbeat) -> ImportBatch:
        make.allowed_on(people.marsh, "gallery.import", source)
        with moved_to(now - timedelta(hours=1)):
            made = ImportBatch.objects.create(source=source, label=state, requested_by=people.marsh)
        over = {"finished_at": timezone.now()} if state in {"done", "failed"} else {}
        ImportBatch.objects.filter(pk=made.pk).update(state=state, heartbeat_at=heartbeat, **over)
        return made

    never_begun = batch("queued", None)
    vanished = batch("running", now - timedelta(minutes=10))
    batch("running", now)
    batch("done", now - timedelta(minutes=10))
    batch("failed", None)
    sweep(tasks.sweep_imports)
    assert sorted(sent) == [("run_import", never_begun.pk), ("run_import", vanished.pk)]


def test_a_search_that_is_over_is_not_run_again(people):
    found = make.candidate(people)
    assert run(found.search_id) == "done"
    found.search.refresh_from_db()
    assert (found.search.attempts, found.search.candidates.count()) == (0, 1)
