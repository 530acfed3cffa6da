"""How attacks are written by hand: a table, what its guard says, and the statement that would break it."""

from collections.abc import Sequence

from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, every_guard, tables


def says(table: str, sentence: str, title: str, statement: str, *before: str, shielded: bool = False) -> Attack:
    """An attack on the guard of `table` whose sentence begins so. Raises ValueError unless there is exactly one."""
    found = [one for one in every_guard() if one.table == table and one.sentence.startswith(sentence)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} guards of {table} say “{sentence}…”")
    return Attack(title, found[0], statement, before, shielded)


def breaks(table: str, name: str, title: str, statement: str, *before: str) -> Attack:
    """An attack on a named constraint; triggers fire before it, so another guard may be the first to refuse."""
    guard = Guard(table, name, kind="constraint")
    if guard not in every_guard():
        raise ValueError(f"{table} has no constraint {name}")
    return Attack(title, guard, statement, before, shielded=True)


def touch(table: str, where: str = "true", **values: str) -> str:
    """An UPDATE of one row, the first that fits; `values` are SQL by column."""
    pk = tables()[table]._meta.pk.column
    sets = ", ".join(f'"{column}" = {value}' for column, value in values.items())
    return f'UPDATE "{table}" SET {sets} WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" WHERE {where} ORDER BY 1 LIMIT 1)'


def each(attacks: Sequence[Attack]) -> list[Attack]:
    """The attacks, once it is sure that no two have one name. Raises ValueError."""
    ids = [one.id for one in attacks]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise ValueError(f"Twice: {sorted(twice)}")
    return list(attacks)
