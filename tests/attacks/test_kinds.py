"""Every kind of attack is tried on every guard, or it is said why it cannot be; every kind is tried somewhere."""

import re
from collections.abc import Callable

import pytest
from django.db import models

from ecpd.audit.records import NEWEST_STATE, READS_ROWS
from tests.attacks.attack import Attack
from tests.attacks.every import ATTACKS
from tests.attacks.guards import REFUSAL, Guard, body, every_guard, tables
from tests.attacks.out_of_reach import OUT_OF_REACH
from tests.attacks.races import NOT_RACED
from tests.attacks.test_races import counting, raced
from tests.attacks.test_shadows import READING

NEWEST = REFUSAL.findall(NEWEST_STATE)[0]
SETS = re.compile(r'SET "(\w+)" = ')

pytestmark = pytest.mark.django_db

# What the change afterwards is, by the column it writes.
AFTERWARDS: dict[str, Callable[[models.Field], bool]] = {
    "re-parented": lambda field: isinstance(field, models.ForeignKey),
    "flipped": lambda field: isinstance(field, models.BooleanField),
    "a file swapped": lambda field: "sha256" in field.name or "file" in field.name,
    "dated back": lambda field: isinstance(field, models.DateField),
}
# What a value is, by the title of the attack.
VALUES = {
    "an unknown word": "an unknown word", "another letter case": "a choice in another case", "blanks": "blanks",
    "line ends": "line ends", "characters without width": "no width", "no number": "no number", "a date ahead": "ahead",
    "below zero": "below zero", "twice": "twice", "un-withdrawn": "back",
}  # fmt: skip


def column_of(attack: Attack) -> models.Field | None:
    """The one column that an UPDATE writes."""
    found = SETS.search(attack.statement)
    fields = {field.column: field for field in tables()[attack.guard.table]._meta.concrete_fields}
    return fields.get(found[1]) if found and attack.statement.startswith("UPDATE") else None


@pytest.mark.parametrize("kind", AFTERWARDS)
def test_changes_afterwards_are_tried_on_many_tables(kind: str):
    tried = {attack.guard.table for attack in ATTACKS if (field := column_of(attack)) and AFTERWARDS[kind](field)}
    assert len({table.partition("_")[0] for table in tried}) > 1
    assert len(tried) > 5


@pytest.mark.parametrize("kind", VALUES)
def test_values_are_tried(kind: str):
    assert any(VALUES[kind] in attack.title for attack in ATTACKS)


def reads_rows(guard: Guard) -> bool:
    """Whether the trigger that this guard is a sentence of reads rows."""
    triggers = getattr(tables()[guard.table]._meta, "triggers", None) or []
    return any(trigger.name == guard.name and READS_ROWS.search(body(trigger)) for trigger in triggers)


def under_shadows(guard: Guard) -> str:
    """Why nothing that shadows a table is tried; "" where it is tried."""
    if guard.kind == "constraint":
        return "It reads its row and nothing else, by operators and functions that are pinned."
    if guard.sentence == NEWEST:
        return "It reads the isolation of the transaction and no table."
    if guard in READING:
        return ""
    return "-" if reads_rows(guard) else "It reads no table: it compares the row with what it was."


def in_a_race(guard: Guard) -> str:
    """Why no race is tried; "" where one is."""
    if guard.kind == "constraint":
        return "A CHECK reads its row; a key makes the second session wait by itself, as races.py shows for those people meet."
    if guard.sentence == NEWEST or not reads_rows(guard) or guard.name not in counting():
        return "It counts nothing that another session may be writing (tests/audit/test_anchors.py)."
    return "" if guard.name in raced() else NOT_RACED.get(guard.name, "-")


def with_an_old_snapshot(guard: Guard) -> str:
    """Why no old snapshot is tried; "" where it is."""
    tried = {(attack.guard.table, attack.guard.name) for attack in ATTACKS if attack.isolation is not None}
    if (guard.table, guard.name) in tried:
        return ""
    return (
        "-" if guard.kind == "trigger" and reads_rows(guard) else "It reads no rows: what it sees is what is written."
    )


@pytest.mark.parametrize("kind", [under_shadows, in_a_race, with_an_old_snapshot], ids=lambda kind: kind.__name__)
def test_every_guard_is_tried_or_it_is_said_why_not(kind: Callable[[Guard], str]):
    assert [str(guard) for guard in every_guard() if guard not in OUT_OF_REACH and kind(guard) == "-"] == []
    assert any(kind(guard) == "" for guard in every_guard())
