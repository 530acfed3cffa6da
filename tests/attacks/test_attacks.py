"""Each attack is refused by the guard it names, and with that guard asleep it succeeds."""

import pytest

from tests.attacks import table_leads
from tests.attacks.attack import Attack, attempt, put_asleep, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.forms import learn, refusals
from tests.attacks.guards import constraints, sentences

ATTACKS: list[Attack] = [*table_leads.ATTACKS]

pytestmark = pytest.mark.xdist_group("attacks")
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)


@each_attack
def test_it_is_refused_by_the_guard_it_names(field: Battlefield, attack: Attack):
    with rolled_back(field.app) as cursor:
        refusal = attempt(cursor, [field.words(one) for one in attack.before], field.words(attack.statement))
    assert refusal is not None, "It went through."
    assert refusal.is_by(attack.guard), f"Refused, but by something else: {refusal}"


@each_attack
def test_with_its_guard_asleep_it_succeeds(field: Battlefield, attack: Attack):
    """Each guard named in `also` has to hold alone; with all asleep the statement changes a row."""
    with rolled_back(field.owner) as cursor:
        for guard, holds in zip([attack.guard, *attack.also], [*attack.also, None], strict=True):
            put_asleep(cursor, guard, field.role)
            cursor.execute(f"SET LOCAL ROLE {field.role}")
            with rolled_back(field.owner):
                refusal = attempt(cursor, [field.words(one) for one in attack.before], field.words(attack.statement))
            cursor.execute("RESET ROLE")
            if holds is None:
                assert refusal is None, f"Nothing was left to refuse it: {refusal}"
            else:
                assert refusal is not None and refusal.is_by(holds), f"Expected {holds}, got {refusal}"


@each_attack
def test_it_is_refused_in_every_form(field: Battlefield, attack: Attack, django_db_blocker):
    """By a CTE, COPY, MERGE, a DO block, the ORM, under settings: refused each time by a guard of the attack's."""
    change = learn(field, attack)
    with django_db_blocker.unblock():
        through = {
            form: refusal
            for form, refusal in refusals(field, attack, change)
            if refusal is None or not any(refusal.is_by(guard) for guard in (attack.guard, *attack.also))
        }
    assert through == {}


def test_every_guard_has_its_attack():
    attacked = {attack.guard for attack in ATTACKS}
    missing = sorted(guard for guard in {*sentences(), *constraints()} - attacked)
    assert missing == [], f"{len(missing)} guards that nobody attacks."
