"""Attacks on rows late in their life: what is set, is set for good. Comes after all others, whose world is younger."""

import pytest

from tests.attacks.battlefield import Battlefield
from tests.attacks.by_default import is_late
from tests.attacks.every import ATTACKS
from tests.attacks.forms import ALIAS
from tests.attacks.late import add_late_rows
from tests.attacks.trial import finding

LATE = [attack for attack in ATTACKS if is_late(attack)]

pytestmark = [pytest.mark.django_db(databases=["default", ALIAS])]


@pytest.fixture(scope="module")
def aged(reached: Battlefield) -> Battlefield:
    """The same world, in which some rows of each table have come to their end."""
    with reached.owner.transaction(), reached.owner.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        assert add_late_rows(cursor) == []
    return reached


@pytest.mark.parametrize("table", sorted({attack.guard.table for attack in LATE}))
def test_what_is_set_or_over_is_refused_in_every_form_and_changes_once_the_guard_sleeps(aged: Battlefield, table: str):
    found = {attack.id: finding(aged, attack) for attack in LATE if attack.guard.table == table}
    assert {name: words for name, words in found.items() if words} == {}
