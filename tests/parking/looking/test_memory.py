"""What the worker keeps between looks changes no result, and is dropped when somebody else looked or a look failed."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from parking.bench.agency import found, newest_weekday
from parking.bench.day import take
from parking.models import Finding, Read, Stay, Track
from parking.services.looking import look_at_all, looking
from parking.services.looking.memory import Memory
from parking.simulate.deliveries import to_json
from parking.simulate.grid import grid
from parking.simulate.simulation import Simulation
from tests.factories import parking as make

pytestmark = pytest.mark.django_db(transaction=True)


class NoMemory(Memory):
    """Reads everything from the rows."""

    def begin(self, city) -> None:
        """Nothing counts."""
        self.forget()


@pytest.fixture
def use(monkeypatch):
    """Have the worker use this memory."""

    def use_(memory: Memory) -> Memory:
        for module in ("looking", "passes", "tracks"):
            monkeypatch.setattr(f"parking.services.looking.{module}.memory", memory)
        return memory

    return use_


def patrolled(city, simulation: Simulation) -> tuple[list, list, list]:
    """Stays, findings and reads of a patrol's day, one hour of which comes late."""
    for number, delivery in enumerate(simulation.deliveries(25)):
        take(city, to_json(delivery), delivery.sent_at)
        if number % 2:
            look_at_all()
    look_at_all()
    stays = Stay.objects.order_by("first_at", "plate", "last_at")
    reads = Read.objects.order_by("device_seq")
    return (
        list(stays.values_list("plate", "zone", "first_at", "last_at", "due_at", "ended_why", "passes", "exact")),
        sorted([*(finding.content[key] for key in ("plate", "zone", "breach", "elapsed_minutes")), finding.state]
               for finding in Finding.objects.all()),
        list(reads.values_list("device_seq", "state", "zone")),
    )  # fmt: skip


def empty() -> None:
    """Take all reads away, and what came of them."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; TRUNCATE parking_read, parking_track CASCADE")
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


def test_a_day_comes_out_the_same_with_and_without_it(use):
    simulation = Simulation(grid(6, seed=3), seed=11, reads=1500, start=newest_weekday(), hours=9,
                            offline=timedelta(hours=1))  # fmt: skip
    city = found(simulation.curbs)
    use(Memory())
    kept = patrolled(city, simulation)
    assert len(kept[1]) >= 3, "Too few overstays in this day to prove anything."
    empty()
    use(NoMemory())
    assert patrolled(city, simulation) == kept


@pytest.fixture
def parked():
    """A car that stands in Alder Street, and how to see it again."""
    made = make.agency()
    make.street(made.manager)

    def seen(minutes: float) -> None:
        at = make.MONDAY_NOON - timedelta(hours=4) + timedelta(minutes=minutes)
        make.receive(made.device, make.seen(at), at=at)

    seen(0)
    look_at_all()
    return seen


def test_it_does_not_count_when_another_worker_looked(use, parked):
    mine = use(Memory())
    parked(30)
    look_at_all()
    track = Track.objects.get()
    assert mine.track(track.pk) is not None
    other = use(Memory())
    parked(60)
    look_at_all()
    assert other.track(track.pk) is not None
    use(mine)
    parked(90)
    look_at_all()
    assert Stay.objects.get().passes == 4


def test_it_is_dropped_when_a_look_fails(use, parked, monkeypatch):
    mine = use(Memory())
    parked(30)
    look_at_all()
    parked(60)

    def fails(reads) -> None:
        raise ConnectionError("The database is away.")

    with monkeypatch.context() as broken:
        broken.setattr(looking, "_watchers", [fails])
        with pytest.raises(ConnectionError):
            look_at_all()
    assert Stay.objects.get().passes == 2
    look_at_all()
    assert Stay.objects.get().passes == 3
    assert len(mine.track(Track.objects.get().pk).value.current.sightings) == 3


def test_it_does_not_count_inside_a_larger_transaction(use, parked):
    mine = use(Memory())
    with transaction.atomic():
        parked(30)
        look_at_all()
        assert mine.track(Track.objects.get().pk) is None
        transaction.set_rollback(True)
    parked(30)
    look_at_all()
    assert Stay.objects.get().passes == 2
