"""Whoever owns the database and is no superuser migrates it, from the first migration to the last; what only a superuser can
take from the application's role is named with the statement that does."""

import re

from django.conf import settings

from ecpd.audit.privileges import _large_objects
from ecpd.doctor.finding import State
from tests.upgrade.conftest import PLAIN_OWNER


def test_every_table_and_function_of_ours_is_the_plain_owners(filled, upgraded):
    upgraded.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [PLAIN_OWNER])
    assert upgraded.fetchall() == [(False,)]
    upgraded.execute("SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                     " AND relkind IN ('r', 'S', 'v')")  # fmt: skip
    assert upgraded.fetchall() == [(PLAIN_OWNER,)]


def test_doctor_names_large_objects_and_nothing_else(filled):
    found = filled.doctor["privileges"]
    assert found.state is State.FAIL
    assert found.sentence.startswith(f"{settings.DATABASE_APP_ROLE} may write large objects. Only a superuser can")
    assert "which it is not to" not in found.sentence and "which it needs" not in found.sentence


def test_the_statement_that_doctor_prints_takes_all_of_it_away(filled, upgraded):
    statement = re.search(r"REVOKE EXECUTE ON FUNCTION .* FROM PUBLIC, \w+", filled.doctor["privileges"].sentence)
    assert [*_large_objects(upgraded, settings.DATABASE_APP_ROLE)] != []
    upgraded.execute(statement[0])
    assert [*_large_objects(upgraded, settings.DATABASE_APP_ROLE)] == []
