"""Each attack is refused by the guard it names, in every form, and with that guard asleep it succeeds."""

import pytest

from tests.attacks import made, table_leads
from tests.attacks.attack import Attack, attempt, peel, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.forms import learn, refusals
from tests.attacks.guards import every_guard

ATTACKS: list[Attack] = [*table_leads.ATTACKS, *made.fixed_columns()]

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_it_is_refused_in_every_form_and_succeeds_once_its_guard_sleeps(
    field: Battlefield, attack: Attack, django_db_blocker
):
    before, statement = [field.words(one) for one in attack.before], field.words(attack.statement)
    with rolled_back(field.app, attack.isolation) as cursor:
        refusal = attempt(cursor, before, statement)
    assert refusal is not None, "It went through."
    with rolled_back(field.owner, attack.isolation) as cursor:
        stood = peel(cursor, field.role, attack.guard.table, before, statement)
    assert refusal.is_by(stood[0]), f"The login and the owner were refused differently: {refusal}"
    assert attack.guard in (stood if attack.shielded else stood[:1]), f"Refused by {[str(one) for one in stood]}"
    with django_db_blocker.unblock():
        answers = dict(refusals(field, attack, learn(field, attack, stood)))
    through = {form: one for form, one in answers.items() if one is None or not any(one.is_by(g) for g in stood)}
    assert through == {}, "In another form it was not refused, or by an accident."


def test_every_guard_has_its_attack():
    missing = sorted(set(every_guard()) - {attack.guard for attack in ATTACKS})
    assert missing == [], f"{len(missing)} guards that nobody attacks."
