"""Each attack is refused by the guard it names, in every form, and with that guard asleep it succeeds."""

import pytest
from psycopg import sql

from tests.attacks import every
from tests.attacks.battlefield import Battlefield
from tests.attacks.every import ATTACKS
from tests.attacks.trial import finding

TABLES = sorted({attack.guard.table for attack in ATTACKS})

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("attacks")]


@pytest.fixture(scope="module")
def reached(field: Battlefield) -> Battlefield:
    """The role may write every column of the tables it may write to, so that the guards behind its privileges are met.

    Which columns it may not write is tried in test_privileges, which runs before this module does.
    """
    ask = (
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' "
        "AND has_any_column_privilege(%s, c.oid, %s) AND NOT has_table_privilege(%s, c.oid, %s)"
    )
    for verb in ("INSERT", "UPDATE"):
        for (table,) in field.owner.execute(ask, [field.role, verb, field.role, verb]).fetchall():
            grant = sql.SQL("GRANT {} ON {} TO {}")
            field.owner.execute(grant.format(sql.SQL(verb), sql.Identifier(table), sql.Identifier(field.role)))
    return field


@pytest.mark.parametrize("table", TABLES)
def test_each_is_refused_in_every_form_and_succeeds_once_its_guard_sleeps(reached: Battlefield, by_orm, table: str):
    found = {attack.id: finding(reached, attack) for attack in ATTACKS if attack.guard.table == table}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_two_attacks_have_one_name():
    ids = [attack.id for attack in every.ALL]
    assert [one for one in set(ids) if ids.count(one) > 1] == []


def test_the_manual_says_how_many_are_refused():
    assert every.COUNTS.read_text() == every.text(), "Run `python -m tests.attacks.count`."
