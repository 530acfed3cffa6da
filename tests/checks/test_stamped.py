"""What says when ECPD recorded something is the moment of the entry, in every record of every app (AC-07)."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from cases.models import Evidence, Person
from ecpd.audit.records import Ledger, Record
from ecpd.checks.stamped import BY_THE_DATABASE, SAID, TAKEN_FROM_THE_CLOCK, stamped_columns
from leads.models.against_v4 import RECORD_OF
from leads.models.bound_v3 import FACE_ENDED
from leads.models.bound_v4 import NEW_SINCE
from leads.models.came_in import came_in
from leads.models.knew_v2 import KNEW_THE_MATTER
from tests.factories import leads as make

# Whoever opens a case or is put on one is given a permission on it, of which the log has the moment.
GIVEN_WITHIN_MINUTES = {"cases.Case.opened_at", "cases.CaseAssignment.assigned_at"}
SENTENCE = r"AC-07: When it was recorded \({}\) is the moment of the entry\."


def records() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Record | Ledger)]


def test_what_a_decision_looks_back_to_has_the_moment_of_the_database():
    """Whether something came in since a packet was opened is asked of moments that nobody can give."""
    asked = came_in("l.id", "MOMENT")
    labels = {model._meta.db_table: model._meta.label for model in apps.get_models()}
    looked_at = set()
    for part in re.split(r"\bEXISTS \(", asked):
        tables = {alias: table for table, alias in re.findall(r"(?:JOIN|FROM) (\w+) (\w)\b", part)}
        compared = re.search(r"(greatest\([^)]*\)|\w\.\w+) > MOMENT", part)
        for alias, column in re.findall(r"(\w)\.(\w+)", compared[1]) if compared else ():
            looked_at.add(f"{labels[tables[alias]]}.{column}")
    assert len(looked_at) > 15
    assert looked_at - BY_THE_DATABASE - {"audit.AuditEvent.at"} == set()


def test_whether_something_is_new_since_a_denial_is_asked_of_moments_of_the_database():
    """What binds a face, what frees it, which record is younger, and who was blind."""
    labels = {model._meta.db_table: model._meta.label for model in apps.get_models()}
    compared = set()
    for part in re.split(
        r"\bEXISTS \(|UNION ALL|WHEN|END", RECORD_OF.body + FACE_ENDED.body + NEW_SINCE.body + KNEW_THE_MATTER.body
    ):
        tables = {alias: table for table, alias in re.findall(r"(?:JOIN|FROM) public\.(\w+) (\w)\b", part)}
        moments = re.findall(r"\b(\w)\.(at|\w+_at)\b", part)
        compared |= {f"{labels[tables[alias]]}.{column}" for alias, column in moments if alias in tables}
    assert len(compared) > 9
    assert compared - BY_THE_DATABASE - {"audit.AuditEvent.at"} == GIVEN_WITHIN_MINUTES


def test_every_moment_that_django_takes_is_stamped():
    taken = {
        (model, field.column)
        for model in records()
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now_add", False)
    }
    left = {f"{model._meta.label}.{column}" for model, column in taken if column not in stamped_columns(model)}
    assert left - BY_THE_DATABASE == set()
    assert len(taken) > 80


def test_the_lists_name_columns_that_there_are():
    columns = {f"{model._meta.label}.{field.name}" for model in records() for field in model._meta.concrete_fields}
    listed = {f"{label}.{name}" for label, names in TAKEN_FROM_THE_CLOCK.items() for name in names}
    assert (listed | SAID) - columns == set()


@pytest.mark.parametrize("apart", [timedelta(minutes=-6), timedelta(minutes=6), timedelta(days=-400)])
def test_a_person_of_a_case_is_entered_neither_earlier_nor_later_than_it_is(db, apart, owner_cursor):
    people = make.agency()
    one = Person.objects.create(case=people.case, role="witness", name="Ann Quill", added_by=people.okafor)
    owner_cursor.execute("SET session_replication_role = origin")
    with pytest.raises(DatabaseError, match=SENTENCE.format("added_at")), transaction.atomic():
        owner_cursor.execute(
            "INSERT INTO cases_person (case_id, role, name, unidentified, description, contact, added_by_id, added_at, "
            "withdrawn_reason) SELECT case_id, role, name, unidentified, description, contact, added_by_id, %s, "
            "withdrawn_reason FROM cases_person WHERE id = %s",
            [timezone.now() + apart, one.pk],
        )


def test_a_withdrawal_is_of_the_day_on_which_it_is_made(db):
    people = make.agency()
    exhibit = Evidence.objects.get(pk=make.exhibit(people).pk)
    with transaction.atomic():
        make.allowed_on(people.okafor, "evidence.withdraw", exhibit)
        Evidence.objects.filter(pk=exhibit.pk).update(
            withdrawn_at=timezone.now() - timedelta(hours=1), withdrawn_by=people.okafor, withdrawn_reason="A mistake"
        )
    exhibit.refresh_from_db()
    assert abs(exhibit.withdrawn_at - timezone.now()) < timedelta(minutes=5)
