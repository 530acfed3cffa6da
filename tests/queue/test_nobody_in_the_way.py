"""A face search waits behind no picture, and a sweep behind no sweep of its kind."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from ecpd.celery import app
from ecpd.embedded.programs import all_programs

ROOT = Path(__file__).resolve().parents[2]
QUEUES = re.compile(r"--queues[ =](\S+)")


def of_the_demo() -> list[str]:
    """The queues of each worker that `make run` starts."""
    commands = [" ".join(program.command) for program in all_programs(Path("/nowhere"), 8000)]
    return [found[1] for command in commands if (found := QUEUES.search(command))]


def of_the_readme() -> list[str]:
    """The queues of each worker that an agency with its own servers is told to start."""
    return QUEUES.findall((ROOT / "README.md").read_text())


@pytest.mark.parametrize("workers", [of_the_demo, of_the_readme])
def test_searches_have_a_worker_of_their_own_and_every_queue_one(workers):
    served = [name for queues in workers() for name in queues.split(",")]
    assert app.conf.task_default_queue in workers()  # alone: nothing takes turns with a search
    assert sorted(served) == sorted({app.conf.task_default_queue, *(r["queue"] for r in app.conf.task_routes.values())})


def test_what_decodes_pictures_is_sent_to_them():
    routes = settings.CELERY_TASK_ROUTES
    pictures = {"cases.tasks.prepare_picture", "leads.tasks.cut_picture", "parking.tasks.read_picture"}
    assert pictures <= set(app.tasks)
    assert {routes[task]["queue"] for task in pictures} == {"pictures", "opinions"}


def test_a_sweep_that_was_not_begun_is_dropped_when_the_next_is_sent():
    often = {
        name: entry for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if isinstance(entry["schedule"], float)
    }
    assert len(often) >= 6
    for name, entry in often.items():
        assert entry["options"]["expires"] <= entry["schedule"], name
