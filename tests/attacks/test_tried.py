"""Each attack is refused by the guard it names, in every form, and with that guard asleep it succeeds."""

import pytest

from tests.attacks import every
from tests.attacks.battlefield import Battlefield
from tests.attacks.by_default import is_late
from tests.attacks.every import ATTACKS
from tests.attacks.forms import ALIAS
from tests.attacks.trial import finding

EARLY = [attack for attack in ATTACKS if not is_late(attack)]
TABLES = sorted({attack.guard.table for attack in EARLY})

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(databases=["default", ALIAS])
@pytest.mark.parametrize("table", TABLES)
def test_each_is_refused_in_every_form_and_succeeds_once_its_guard_sleeps(reached: Battlefield, table: str):
    found = {attack.id: finding(reached, attack) for attack in EARLY if attack.guard.table == table}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_two_attacks_have_one_name():
    ids = [attack.id for attack in every.ALL]
    assert [one for one in set(ids) if ids.count(one) > 1] == []


def test_the_manual_says_how_many_are_refused():
    assert every.COUNTS.read_text() == every.text(), "Run `python -m tests.attacks.count`."
