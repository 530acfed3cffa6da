"""How attacks are written by hand: a table, what its guard says, and the statement that would break it."""

from django.conf import settings

from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, every_guard, every_table, known

STRICTLY = "SET LOCAL tests.strictly = 'on'"  # who decides has decided (`who_acts.LENIENT`)
TODAY = f"(now() AT TIME ZONE '{settings.TIME_ZONE}')::date"  # the city's, in which the manual counts


def says(table: str, sentence: str, title: str, statement: str, *before: str, shielded: bool = False) -> Attack:
    """An attack on the guard of `table` whose sentence begins so. Raises ValueError unless there is exactly one."""
    found = [one for one in every_guard() if one.table == table and one.sentence.startswith(sentence)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} guards of {table} say “{sentence}…”")
    return Attack(title, found[0], statement, before, shielded)


def breaks(table: str, name: str, title: str, statement: str, *before: str) -> Attack:
    """An attack on a named constraint; triggers fire before it, so another guard may be the first to refuse."""
    guard = Guard(table, name, kind="constraint")
    if guard not in known():
        raise ValueError(f"{table} has no constraint {name}")
    return Attack(title, guard, statement, before, shielded=True)


def touch(table: str, where: str = "true", **values: str) -> str:
    """An UPDATE of one row, the first that fits; `values` are SQL by column."""
    pk = every_table()[table]._meta.pk.column
    sets = ", ".join(f'"{column}" = {value}' for column, value in values.items())
    return f'UPDATE "{table}" SET {sets} WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" WHERE {where} ORDER BY 1 LIMIT 1)'


def carried_out(which: str) -> str:
    """The version of the manual that an approved amendment, the SQL `which`, brings."""
    return (
        "INSERT INTO policy_manualversion (serial, number, effective_from, parameters, amendment_id, created_at) SELECT "
        "max(v.serial) + 1, '1.' || max(v.serial) + 1, max(a.effective_at), ecpd_manual_at(max(a.effective_at)), max(a.id), "
        f"now() FROM policy_manualversion v, policy_amendment a WHERE a.id = {which}"
    )


TODAY = "(now() AT TIME ZONE 'America/Los_Angeles')::date"  # where the agency is: a setting takes effect by its day


def amended(setting: str, value: str) -> tuple[str, str, str]:
    """A setting tightened as the manual has it: proposed by the captain, approved by the chief, a version of it."""
    of = "(SELECT max(id) FROM policy_amendment)"
    return (
        "INSERT INTO policy_amendment (changes, before, reason, effective_on, state, proposed_by_id, proposed_at, "
        f"decision_reason, council_item) SELECT jsonb_build_object('{setting}', '{value}'::jsonb), jsonb_build_object("
        f"'{setting}', ecpd_manual_at(now()) -> '{setting}'), 'Stricter is safer here.', {TODAY}, 'proposed', "
        "{user_captain}, now(), '', ''",
        "UPDATE policy_amendment SET state = 'approved', decided_by_id = {user_chief}, decided_at = now(), "
        f"decision_reason = 'Agreed' WHERE id = {of}",
        carried_out(of),
    )
