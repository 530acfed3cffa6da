"""Every kind of attack is tried on every guard, or it is said why it cannot be; every kind is tried somewhere."""

import re
from collections.abc import Callable

import pytest
from django.db import models

from ecpd.audit.records import NEWEST_STATE, READS_ROWS
from tests.attacks import by_default, made
from tests.attacks.attack import Attack
from tests.attacks.by_default import is_late
from tests.attacks.every import ATTACKS
from tests.attacks.guards import REFUSAL, Guard, body, every_guard, every_table, keys, signs
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
SIGNS, KEYS = ({guard for guard, _ in found()} for found in (signs, keys))
# What a value is, by what the attack writes and which guard holds it.
VALUES: dict[str, Callable[[Attack], bool]] = {
    "an unknown word": lambda attack: is_derived(attack, "listed") and "'zzz'" in attack.statement,
    "another letter case": lambda attack: is_derived(attack, "listed") and attack.title.startswith("a choice in another case"),
    "blanks": lambda attack: is_derived(attack, "says") and made.NO_TEXT["blanks"] in attack.statement,
    "line ends": lambda attack: is_derived(attack, "says") and made.NO_TEXT["line ends"] in attack.statement,
    "characters without width": lambda attack: is_derived(attack, "says") and made.NO_TEXT["no width"] in attack.statement,
    "no number": lambda attack: is_derived(attack, "within") and "'NaN'" in attack.statement,
    "a date ahead": lambda attack: attack.guard.name.endswith("_not_ahead") and "now() + interval" in attack.statement,
    "below zero": lambda attack: attack.guard in SIGNS and "-1" in attack.statement,
    "twice": lambda attack: attack.guard in KEYS,
    "un-withdrawn": lambda attack: 'SET "withdrawn_at" = NULL' in attack.statement and is_late(attack),
}  # fmt: skip
MAKERS = {
    **dict.fromkeys(("an unknown word", "another letter case", "blanks", "line ends", "characters without width", "no number"),
                    made.derived_checks),
    "a date ahead": made.in_the_future, "below zero": made.below_zero, "twice": made.keys_twice,
    "un-withdrawn": by_default.set_once,
}  # fmt: skip


def is_derived(attack: Attack, kind: str) -> bool:
    """Whether it is on a CHECK that follows from a field and is of this kind."""
    return attack.guard.kind == "constraint" and attack.guard.name.endswith(f"_{kind}")


def column_of(attack: Attack) -> models.Field | None:
    """The one column that an UPDATE writes."""
    found = SETS.search(attack.statement)
    fields = {field.column: field for field in every_table()[attack.guard.table]._meta.concrete_fields}
    return fields.get(found[1]) if found and attack.statement.startswith("UPDATE") else None


@pytest.mark.parametrize("kind", AFTERWARDS)
def test_changes_afterwards_are_tried_on_many_tables(kind: str):
    tried = {attack.guard.table for attack in ATTACKS if (field := column_of(attack)) and AFTERWARDS[kind](field)}
    assert len({table.partition("_")[0] for table in tried}) > 1
    assert len(tried) > 5


@pytest.mark.parametrize("kind", VALUES)
def test_values_are_tried_on_many_tables_and_without_who_makes_them_on_few(kind: str):
    """The second half: the kind is told by what is written, so that attacks of another kind do not stand for it."""
    tried = {attack.guard.table for attack in ATTACKS if VALUES[kind](attack)}
    assert len(tried) > 2
    gone = {attack.id for attack in MAKERS[kind]()}
    left = {attack.guard.table for attack in ATTACKS if VALUES[kind](attack) and attack.id not in gone}
    assert len(left) < len(tried) / 2


def reads_rows(guard: Guard) -> bool:
    """Whether the trigger that this guard is a sentence of reads rows."""
    triggers = getattr(every_table()[guard.table]._meta, "triggers", None) or []
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
