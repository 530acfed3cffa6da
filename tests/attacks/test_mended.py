"""Guards that put things right, if they refuse or not: what was written does not stay, and would with the guard asleep."""

import re

import pytest
from psycopg import sql

from tests.attacks.attack import put_asleep, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.completeness import INSTALLED, TRIGGERS
from tests.attacks.guards import REFUSAL, Guard
from tests.attacks.mended import MENDED, Mended

pytestmark = pytest.mark.django_db
SETS = re.compile(r"\bNEW\.\w+ := ")
# tests/audit, tests/leads/gallery/test_opt_out_race.py, tests/leads/test_races.py
LOG_AND_LOCKS = {"au_01_sealed", "aa_every_source", "aa_cases_it_touches"}


def moved(field: Battlefield, one: Mended, *, asleep: bool) -> int:
    """By how much the statement, as the application's role, moves what the guard keeps right."""
    with rolled_back(field.owner) as cursor:
        for guard in (one.guard if asleep else None, one.beside):
            if guard is not None:
                put_asleep(cursor, guard, field.role)
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(field.role)))
        before = cursor.execute(field.words(one.ask)).fetchone()[0]
        assert cursor.execute(field.words(one.statement)).rowcount
        return cursor.execute(field.words(one.ask)).fetchone()[0] - before


@pytest.mark.parametrize("one", MENDED, ids=lambda one: f"{one.guard.name}-{one.statement.split()[0]}-{one.by}")
def test_it_is_put_right_by_this_guard(field: Battlefield, one: Mended):
    assert (moved(field, one, asleep=False), moved(field, one, asleep=True)) == (one.by, one.asleep)


def test_every_guard_that_refuses_nothing_or_puts_a_value_right_is_tried_here(field: Battlefield):
    """All but the triggers that write the log (tests/audit), and those that only lock: two sessions try these."""
    triggers = field.owner.execute(TRIGGERS).fetchall()
    quiet = {
        (table, INSTALLED.match(name))
        for table, name, body in triggers
        if SETS.search(body) or not REFUSAL.search(body)
    }
    ours = {Guard(table, name[1]) for table, name in quiet if name and name[1] not in LOG_AND_LOCKS}
    assert ours == {one.guard for one in MENDED}
