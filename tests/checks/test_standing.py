"""A CHECK that came after its rows: doctor names those that break it, the owner mends them on the record."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from cases.models import CaseNote
from ecpd.accounts.roles import Role
from ecpd.audit.models import Conduct
from ecpd.checks import standing
from ecpd.checks.mending import mend_value
from ecpd.doctor import State, services
from tests.factories import cases as make
from tests.factories.leads import allowed_on
from tests.factories.people import make_user

CHECK, HOLDS = "value_cases_casenote_text_says", "public.ecpd_says_something(text)"


@pytest.fixture
def old_note(db) -> Iterator[CaseNote]:
    """A note of blanks, from before there was a check; the test goes on as the owner, whose work this is."""
    captain = make_user(Role.CAPTAIN)
    note = CaseNote(case=make.opened(captain), author=captain, text=" \n")
    allowed_on(captain, "case.contribute", note.case)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE cases_casenote DROP CONSTRAINT {CHECK}")
        note.save()
        cursor.execute(f"ALTER TABLE cases_casenote ADD CONSTRAINT {CHECK} CHECK ({HOLDS}) NOT VALID")
        yield note
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


def test_a_fresh_database_has_nothing_waiting(db):
    assert standing.waiting() == []
    assert services.old_rows().state is State.OK


def test_doctor_names_the_row_and_says_what_to_do(old_note):
    finding = services.old_rows()
    assert finding.state is State.WARN
    assert f"cases_casenote {old_note.pk}: {CHECK}" in finding.sentence
    assert "mend_value" in finding.fix


def test_a_check_that_a_row_breaks_is_not_validated_and_the_command_says_which(old_note):
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("validate_checks", stdout=said)
    assert f"cases_casenote {old_note.pk}: {CHECK}" in said.getvalue()
    assert [check.name for check in standing.waiting()] == [CHECK]


def test_the_row_can_be_read_and_not_be_changed(old_note):
    with pytest.raises(IntegrityError, match=CHECK), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # a note is a ledger: its guard asleep
        cursor.execute("UPDATE cases_casenote SET at = at WHERE id = %s", [old_note.pk])


def test_the_owner_mends_it_on_the_record(old_note):
    said = StringIO()
    call_command(
        "mend_value", "cases_casenote", str(old_note.pk), "text", "Not recorded.", reason="Blank.", stdout=said
    )
    event = Conduct.objects.get(action="row.mended")
    assert (event.detail["before"], event.detail["after"], event.detail["reason"]) == (" \n", "Not recorded.", "Blank.")
    call_command("validate_checks", stdout=said)
    assert standing.waiting() == []


def test_a_value_that_breaks_nothing_is_not_mended(old_note):
    with pytest.raises(CommandError, match="breaks no check"):
        call_command("mend_value", "cases_casenote", "999999", "text", "Words.", reason="Because.")
    with pytest.raises(ValidationError, match="would still break"):
        mend_value(table="cases_casenote", key=str(old_note.pk), column="text", value="\u200b", reason="x")
    assert CaseNote.objects.get(pk=old_note.pk).text == " \n"


def test_guards_are_awake_again_afterwards(old_note):
    mend_value(table="cases_casenote", key=str(old_note.pk), column="text", value="Words.", reason="Blank.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'cases_casenote'::regclass AND tgenabled = 'D'")
        assert cursor.fetchone() == (0,)
