"""A new rule of the database without its attacks fails: the catalog and the models beside what is attacked."""

import psycopg
import pytest
from psycopg import sql

from tests.attacks.attack import Refusal, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.completeness import said_by_functions, unattacked
from tests.attacks.every import ATTACKS
from tests.attacks.guards import Guard, every_guard
from tests.attacks.out_of_reach import OUT_OF_REACH
from tests.attacks.test_privileges import withheld

ATTACKED = {attack.guard for attack in ATTACKS} | set(OUT_OF_REACH)
# What functions refuse that are no trigger's: no guard to put to sleep, so each is tried here.
BY_FUNCTIONS = {
    "AU-04: The manual in force has no setting named %.": "SELECT public.ecpd_parameter('no_such_setting')",
    "AU-01: % is no ledger.": "SELECT public.ecpd_lock_ledger_row('cases_case', 1)",
    "AU-01: An entry names a decision of its own transaction, person and action, or none.": (
        "INSERT INTO audit_conduct (actor_id, actor_label, action, subject_type, subject_id, subject_label, case_number, "
        "decision_id, detail) VALUES ({user_auditor}, 'x', 'audit.verify', '', '', '', '', 4711, '{}')"
    ),
}
# Invented rules of every kind, and what each is called when nobody attacks it.
INVENTED = {
    "ALTER TABLE cases_case ADD CONSTRAINT fr_99_check CHECK (id > 0)": "cases_case: fr_99_check",
    "ALTER TABLE cases_case ADD CONSTRAINT fr_99_once UNIQUE (id, title)": "cases_case: fr_99_once",
    "CREATE UNIQUE INDEX fr_99_index ON cases_case (title, id) WHERE id > 0": "cases_case: fr_99_index",
    "ALTER TABLE cases_case ADD CONSTRAINT fr_99_apart EXCLUDE USING btree (case_number WITH =)": "cases_case: fr_99_apart",
    "ALTER TABLE auditlog_logentry ADD CONSTRAINT value_auditlog_logentry_cid_says CHECK (cid <> '')": (
        "auditlog_logentry: value_auditlog_logentry_cid_says"
    ),
    "ALTER TABLE django_session ADD CONSTRAINT ac_99_session CHECK (session_key <> '')": "django_session: ac_99_session",
    "CREATE FUNCTION public.invented() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'FR-99: Not on "
    "Mondays.' USING ERRCODE = '23514'; END $$; CREATE TRIGGER invented BEFORE INSERT ON cases_case FOR EACH ROW EXECUTE "
    "FUNCTION public.invented()": "cases_case: invented (FR-99: Not on Mondays.)",
}

pytestmark = pytest.mark.django_db


def test_every_guard_of_the_models_has_its_attack():
    missing = sorted(str(guard) for guard in set(every_guard()) - ATTACKED)
    assert missing == [], f"{len(missing)} guards that nobody attacks: add them to a table of tests/attacks."


def test_every_guard_of_the_catalog_has_its_attack(field: Battlefield):
    with rolled_back(field.owner) as cursor:
        assert unattacked(cursor, ATTACKED) == []


@pytest.mark.parametrize(("statement", "name"), INVENTED.items())
def test_an_invented_rule_without_an_attack_is_named(field: Battlefield, statement: str, name: str):
    with rolled_back(field.owner) as cursor:
        cursor.execute(statement)
        assert unattacked(cursor, ATTACKED) == [name]


def test_an_attack_less_makes_its_guard_unattacked(field: Battlefield):
    guard = next(attack.guard for attack in ATTACKS if attack.guard.sentence)
    with rolled_back(field.owner) as cursor:
        assert unattacked(cursor, ATTACKED - {guard}) == [str(guard)]


def test_a_privilege_that_is_withheld_is_tried_from_then_on(field: Battlefield):
    """The list of what is tried comes from the catalog: nothing has to be added for a new one."""
    assert ("cases_case", "UPDATE") not in withheld(field)
    with rolled_back(field.owner) as cursor:
        for verb in ("UPDATE", "INSERT"):
            columns = _columns(cursor, "cases_case")
            cursor.execute(sql.SQL("REVOKE {} ON cases_case FROM {}").format(sql.SQL(verb), sql.Identifier(field.role)))
            cursor.execute(
                sql.SQL("REVOKE {} ({}) ON cases_case FROM {}").format(
                    sql.SQL(verb), columns, sql.Identifier(field.role)
                )
            )
        assert {("cases_case", "UPDATE"), ("cases_case", "INSERT")} <= set(withheld(field))


def _columns(cursor: psycopg.Cursor, table: str) -> sql.Composed:
    cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table])
    return sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())


def test_every_sentence_of_a_function_is_tried(field: Battlefield):
    with rolled_back(field.owner) as cursor:
        assert set(said_by_functions(cursor)) == set(BY_FUNCTIONS)


@pytest.mark.parametrize("sentence", BY_FUNCTIONS)
def test_a_function_refuses_by_its_sentence(field: Battlefield, sentence: str):
    with rolled_back(field.app) as cursor, pytest.raises(psycopg.errors.CheckViolation) as refused:
        cursor.execute(field.words(BY_FUNCTIONS[sentence]))
    assert Refusal.of(refused.value).is_by(Guard("", "", sentence))


def test_what_is_out_of_reach_is_a_guard_and_has_a_reason():
    assert set(OUT_OF_REACH) <= set(every_guard())
    assert all(len(reason) > 20 for reason in OUT_OF_REACH.values())
