"""Each attack is refused by the guard it names, in every form, and with that guard asleep it succeeds."""

import pytest
from psycopg import sql

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

NOT_ATTACKED_YET = {one for one in every_guard() if one.table == "accounts_apitoken" and one.kind == "trigger"}

pytestmark = pytest.mark.xdist_group("attacks")


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


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_it_is_refused_in_every_form_and_succeeds_once_its_guard_sleeps(
    reached: Battlefield, attack: Attack, django_db_blocker
):
    field = reached
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
    known = {attack.guard for attack in every.ALL} | set(OUT_OF_REACH) | NOT_ATTACKED_YET
    missing = sorted(set(every_guard()) - known)
    assert missing == [], f"{len(missing)} guards that nobody attacks: add them to a table of tests/attacks."


def test_what_is_out_of_reach_is_a_guard_that_nobody_attacks():
    assert set(OUT_OF_REACH) <= set(every_guard())
    assert not set(OUT_OF_REACH) & {attack.guard for attack in ATTACKS}


def test_what_is_unproven_is_an_attack():
    assert set(every.UNPROVEN) - {attack.id for attack in every.ALL} == set(), "Take out of unproven.txt what is gone."


def test_no_two_attacks_have_one_name():
    ids = [attack.id for attack in every.ALL]
    assert [one for one in set(ids) if ids.count(one) > 1] == []


def test_the_manual_says_how_many_are_refused():
    assert every.COUNTS.read_text() == every.text(), "Run `python -m tests.attacks.count`."
