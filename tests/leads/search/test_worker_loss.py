"""A worker killed in the middle of a search: it is finished once, with one list."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from ecpd import queue
from leads.models import Candidate
from leads.tasks import sweep_searches
from tests.leads.conftest import degraded
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def candidates_locked() -> Iterator[None]:
    """Nobody can add a candidate, all can read: a search stops between comparing and writing what it found."""
    with connection.get_new_connection(connection.get_connection_params()) as holder:
        holder.execute("LOCK TABLE leads_candidate IN EXCLUSIVE MODE")
        yield
        holder.rollback()


def children_of(pid: int) -> list[int]:
    """The process ids of a process's children."""
    with open(f"/proc/{pid}/task/{pid}/children") as listed:
        return [int(child) for child in listed.read().split()]


def in_state(search, state: str) -> Callable[[], bool]:
    """Whether the search is in this state now."""

    def look() -> bool:
        search.refresh_from_db(fields=["state"])
        return search.state == state

    return look


def test_a_search_whose_worker_is_killed_is_finished_once(celery_worker_process, asked, add_probe, portraits, stocked):
    probe = add_probe(degraded(portraits[2]))
    with candidates_locked():
        search = asked(probe)
        until(in_state(search, "searching"))
        for child in children_of(celery_worker_process.pid):
            os.kill(child, signal.SIGKILL)
        until(lambda: bool(children_of(celery_worker_process.pid)))
    until(in_state(search, "done"))
    search.refresh_from_db()
    assert search.attempts == 2
    ranks = list(Candidate.objects.filter(search=search).values_list("rank", flat=True))
    assert ranks == list(range(1, len(ranks) + 1))
    assert search.candidates.get(rank=1).snapshot["published_name"] == "Person 2"


@pytest.mark.parametrize("away", ["dead_broker", "silent_broker"])
def test_a_search_asked_for_while_the_broker_was_away_is_run_by_the_sweep(
    away,
    request,
    sends_to,
    celery_worker_process,
    asked,
    add_probe,
    portraits,
    stocked,
    monkeypatch,
):
    probe, well = add_probe(degraded(portraits[3])), queue.outbox
    sends_to(request.getfixturevalue(away))
    search = asked(probe)
    monkeypatch.setattr(queue, "outbox", well)
    monkeypatch.setattr("leads.tasks.LEFT_AFTER", timedelta(seconds=-1))
    sweep_searches()
    until(in_state(search, "done"))
    assert search.candidates.get(rank=1).snapshot["published_name"] == "Person 3"
