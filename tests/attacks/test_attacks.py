"""Each attack is refused by the guard it names, in every form, and with that guard asleep it succeeds."""

import pytest

from tests.attacks import every
from tests.attacks.attack import Attack, attempt, peel, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.every import ATTACKS
from tests.attacks.forms import learn, refusals
from tests.attacks.guards import Guard, every_guard

# Guards that no statement can reach alone: the one named refuses first, or the type does.
OUT_OF_REACH = {
    Guard(
        "parking_permitplate", "permit_plate_times", kind="constraint"
    ): "a range that ends before it begins is no value",
    Guard(
        "parking_permitapplication",
        "pk_16_application_decided",
        "PK-16: An approved application stays approved; its permit is ended instead.",
    ): "pk_16_decided_by_a_manager lets no other decision on an approved application be written",
    **{
        Guard(table, name, sentence): "a lead does not stay marked without it (fr_10_mark_falls_with_link)"
        for table, name in (
            ("leads_warrantapplication", "fr_10_application"),
            ("leads_warrantdecision", "fr_13_no_part_in_it"),
        )
        for sentence in (
            "FR-10: Not enough verified evidence that does not come from the search links this person.",
            "FR-11: A line-up counts only beside another verified independent item.",
        )
    },
    Guard(
        "policy_manualversion", "au_04_version_follows_amendment", "AU-04: The first version is the release's."
    ): "there is a first version from the first migration on",
}

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
    missing = sorted(set(every_guard()) - {attack.guard for attack in ATTACKS} - set(OUT_OF_REACH))
    assert missing == [], f"{len(missing)} guards that nobody attacks: add them to a table of tests/attacks."


def test_what_is_out_of_reach_is_a_guard_that_nobody_attacks():
    assert set(OUT_OF_REACH) <= set(every_guard())
    assert not set(OUT_OF_REACH) & {attack.guard for attack in ATTACKS}


def test_no_two_attacks_have_one_name():
    ids = [attack.id for attack in ATTACKS]
    assert [one for one in set(ids) if ids.count(one) > 1] == []


def test_the_manual_says_how_many_are_refused():
    assert every.COUNTS.read_text() == every.text(), "Run `python -m tests.attacks.count`."
