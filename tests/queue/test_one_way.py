"""There is one way to wake a worker, and whatever is sent by it is sent again by a sweep."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from cases import display, vault
from ecpd import queue
from ecpd.celery import app
from ecpd.policy import engine as policy
from leads import pictures
from leads.models import ImportBatch, ProbeFaces
from tests.factories import leads as make

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("ecpd", "cases", "leads", "parking")
ANOTHER_WAY = {"delay", "apply_async", "send_task", "signature", "si"}


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Every call in the project's own code."""
    for name in APPS:
        for path in (ROOT / name).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield path.relative_to(ROOT), node


def name_of(call: ast.Call) -> str:
    """The last name of what is called."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def enqueued() -> set[str]:
    """The names of all tasks that somebody enqueues. A name that is no literal fails: it could not be looked for."""
    found = set()
    for path, call in calls():
        if name_of(call) == "enqueue":
            assert isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno} enqueues no literal name."
            found.add(call.args[0].value)
    return found


def test_nobody_talks_to_the_broker_but_the_queue():
    guilty = [f"{path}:{call.lineno}" for path, call in calls() if name_of(call) in ANOTHER_WAY]
    assert [place.partition(":")[0] for place in guilty] == ["ecpd/queue.py"], guilty


def test_what_is_enqueued_is_there():
    assert enqueued() - set(app.tasks) == set()


def test_what_is_enqueued_has_a_queue_that_a_worker_of_make_run_takes_from():
    from ecpd.embedded.programs import all_programs

    served = {
        queue for program in all_programs(ROOT, 8000) if "--queues" in program.command
        for queue in program.command[program.command.index("--queues") + 1].split(",")
    }  # fmt: skip
    assert {app.amqp.router.route({}, name)["queue"].name for name in enqueued()} <= served


@pytest.fixture(autouse=True)
def all_tasks() -> None:
    """Every task is known, whatever ran before."""
    app.loader.import_default_modules()


@pytest.fixture
def people(db) -> make.Agency:
    """An agency with a case."""
    return make.agency()


def a_search(people: make.Agency) -> int:
    return make.requested(people).pk


def an_exhibit(people: make.Agency) -> int:
    return ProbeFaces.objects.create(evidence=make.exhibit(people), model_id="ecpd-default-1").pk


def an_import(people: make.Agency) -> int:
    with policy.door(people.marsh, "gallery.import", source := make.a_source(people.marsh)):
        batch = ImportBatch.objects.create(source=source, label="Photos", archive=vault.store(make.picture()),
                                           requested_by=people.marsh)  # fmt: skip
    return batch.pk


# Each task that is enqueued, its sweep, and a row whose message was lost; a task that asks the rows is its own sweep.
SWEPT: dict[str, tuple[str, Callable | None]] = {
    "leads.tasks.run_search": ("leads.tasks.sweep_searches", a_search),
    "leads.tasks.detect_faces": ("leads.tasks.sweep_searches", an_exhibit),
    "leads.tasks.run_import": ("leads.tasks.sweep_imports", an_import),
    "parking.tasks.look_at_reads": ("parking.tasks.look_at_reads", None),
    "parking.tasks.raise_findings": ("parking.tasks.raise_findings", None),
    "parking.tasks.read_picture": ("parking.tasks.read_picture", None),
}


# Tasks without a row: what they make is asked for again by every page that misses it.
ASKED_AGAIN = {"cases.tasks.prepare_picture", "leads.tasks.cut_picture"}


# A picture that is not compared yet is linked to no lead, and whoever tries asks for it again (tests/leads/warrant/
# test_near_copies.py); doctor counts those that wait.
ASKED_AT_THE_LINK = {"cases.tasks.compare_picture"}


def test_whatever_is_enqueued_is_swept_by_the_clock_within_a_minute():
    assert enqueued() == set(SWEPT) | ASKED_AGAIN | ASKED_AT_THE_LINK, (
        "A new task needs its sweep, and its line in this table."
    )
    every = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert {sweep for sweep, _ in SWEPT.values()} <= set(every)
    assert max(every[sweep] for sweep, _ in SWEPT.values()) <= 60


@pytest.mark.parametrize("task", [name for name, (_, lose) in SWEPT.items() if lose])
def test_a_lost_message_is_sent_again(task, people, monkeypatch, django_capture_on_commit_callbacks):
    sent: list = []
    monkeypatch.setattr(queue.outbox, "put", sent.append)
    sweep, lose = SWEPT[task]
    lost = lose(people)
    sent.clear()
    later = timezone.now() + timedelta(hours=1)
    with django_capture_on_commit_callbacks(execute=True), time_machine.travel(later, tick=True):
        app.tasks[sweep]()
    assert sent == [(task, (lost,))]


@pytest.mark.parametrize("task", sorted(ASKED_AGAIN))
def test_a_picture_that_was_never_made_is_asked_for_by_every_page_that_misses_it(
    task, people, monkeypatch, django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path  # no copy of an earlier test's
    sent: list = []
    file = make.exhibit(people).file
    look = {
        "cases.tasks.prepare_picture": lambda: display.picture_of(file),
        "leads.tasks.cut_picture": lambda: pictures.cut_out(file, [1, 1, 9, 9], room=0.1, side=50),
    }[task]
    monkeypatch.setattr(queue.outbox, "put", sent.append)
    for place in (display, pictures):
        monkeypatch.setattr(place, "is_heavy", lambda path: True)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(display.PictureNotReady):
            look()
    assert [name for name, _ in sent] == [task, task]


@pytest.mark.parametrize("task", [name for name, (_, lose) in SWEPT.items() if not lose])
def test_a_task_that_asks_the_rows_needs_nothing_from_its_message(task):
    assert SWEPT[task][0] == task
    assert app.tasks[task].run.__code__.co_argcount == 0
