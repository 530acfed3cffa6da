"""Races: two sessions over real logins on a copy of their own; who comes second is refused by name, in both orders."""

import threading
from collections.abc import Iterator
from functools import cache

import psycopg
import pytest

from ecpd.audit import catalog
from tests import waiting
from tests.attacks import battlefield
from tests.attacks.arena import Arena
from tests.attacks.attack import Refusal
from tests.attacks.battlefield import RACES as COPY
from tests.attacks.battlefield import Battlefield, at
from tests.attacks.guards import every_guard
from tests.attacks.races import NOT_RACED, RACES, Race
from tests.audit.test_anchors import NO_ANCHOR, OWNERS, READS, ROWS, SERIAL

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def copied(field: Battlefield) -> Iterator[Arena]:
    """The copy that races have for themselves."""
    database = field.owner.info.dbname + COPY
    with psycopg.connect(at(field.owner_url, database), autocommit=True) as owner:
        battlefield.reach(owner, field.role)
    arena = Arena(at(field.owner_url, database))
    yield arena
    arena.close()


@pytest.fixture
def database(copied: Arena) -> Iterator[str]:
    """The name of a database for one race: what it commits is taken back."""
    yield copied.owner.info.dbname
    copied.put_back()


def second(field: Battlefield, database: str, race: Race, one: str, other: str) -> Refusal | None:
    """The first statement is not committed when the second begins; what the second is told, None when it stands."""
    app, answers = at(field.app_url, database), []
    with psycopg.connect(app) as first, psycopg.connect(app) as late:
        for statement in race.before:  # of one transaction: what names a decision is written with it
            late.execute(field.words(statement))
        late.commit()
        assert first.execute(field.words(one)).rowcount
        trying = threading.Thread(target=_try, args=[late, field.words(other), answers])
        trying.start()
        waiting.until(lambda: answers or _waits(field, late))
        assert not answers, f"It did not wait for the other: {answers}"
        first.commit()
        trying.join(60)
    return answers[0]


def _try(session: psycopg.Connection, statement: str, answers: list[Refusal | None]) -> None:
    try:
        touched = session.execute(statement).rowcount
        session.commit()
        assert touched
        answers.append(None)
    except psycopg.Error as error:
        answers.append(Refusal.of(error))


def _waits(field: Battlefield, session: psycopg.Connection) -> bool:
    ask = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
    return bool(field.owner.execute(ask, [session.info.backend_pid]).fetchone()[0])


def told(refusal: Refusal | None) -> str:
    """The constraint's name, or the guard's sentence; "" where nothing was refused."""
    if refusal is None:
        return ""
    assert refusal.state.startswith("23"), refusal
    return refusal.constraint if refusal.sentence.startswith(("duplicate", "conflicting")) else refusal.sentence


@pytest.mark.parametrize("race", [race for race in RACES if race.lost], ids=lambda race: race.title)
def test_what_is_counted_is_written_first_and_the_act_is_refused(field: Battlefield, database: str, race: Race):
    answer = told(second(field, database, race, race.write, race.act))
    assert answer.startswith(race.lost)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.title)
def test_the_act_comes_first_and_what_it_counted_is_not_taken_away(field: Battlefield, database: str, race: Race):
    answer = told(second(field, database, race, race.act, race.write))
    assert answer.startswith(race.refused) if race.refused else answer == ""
    assert bool(race.refused) != bool(race.after), "It is refused, or it is said why it may come after."


@cache
def counting() -> frozenset[str]:
    """Guards that count rows of which others may be written meanwhile, under an anchor that both lock."""
    alone = set().union(*NO_ANCHOR.values())
    return frozenset(
        name
        for (table, _), trigger in catalog.declared().items()
        for read in set(READS.findall(trigger.kwargs["func"])) & ROWS - SERIAL - OWNERS
        if (name := trigger.pgid.removeprefix("pgtrigger_")[:-6]) != "aa_anchor" and (name, read) not in alone
    )


@cache
def raced() -> frozenset[str]:
    """Guards whose sentence somebody is told in a race."""
    said = [sentence for race in RACES for sentence in (race.lost, race.refused) if sentence]
    return frozenset(g.name for g in every_guard() if g.sentence and any(g.sentence.startswith(one) for one in said))


def test_every_guard_that_counts_is_raced_or_has_its_reason():
    assert sorted(counting() - raced() - set(NOT_RACED)) == []
    assert sorted(set(NOT_RACED) - counting()) == []
