"""What the database refuses by itself about alerts (PK-01, PK-02, PK-05, PK-06), tried past the services."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError, ProgrammingError
from django.utils import timezone

from parking.models import Alert, AlertAnswer, Finding, PlateQuery, Read
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.leads import allowed_on

pytestmark = pytest.mark.django_db
NOON = make.MONDAY_NOON
WHOLE = {"plate_checked": True, "state_checked": True, "vehicle_checked": True, "no_placard_seen": True,
         "plate": "8ABC123", "plate_state": "US-CA", "vehicle": "blue sedan"}  # fmt: skip


@pytest.fixture
def agency():
    """A car has overstayed."""
    made = make.agency()
    make.street(made.manager)
    for at in (NOON - timedelta(hours=4), NOON + timedelta(minutes=34)):
        make.receive(made.device, make.seen(at), at=at)
    look_at_all()
    return made


def refused(rule: str, write) -> None:
    """The database refuses, and names the rule."""
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        write()


def run(sql: str) -> None:
    """Raw SQL, as the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def answer(agency, **fields) -> AlertAnswer:
    """A row as somebody past the services would write it."""
    whole = {"alert": Alert.objects.get(), "officer": agency.officer, "outcome": "confirmed"} | WHOLE | fields
    return AlertAnswer(**whole)


@pytest.mark.parametrize("missing", ["plate_checked", "state_checked", "vehicle_checked", "no_placard_seen"])
def test_no_alert_is_confirmed_without_every_tick(agency, missing):
    row = answer(agency, **{missing: False})
    refused("PK-01", row.save)
    refused("PK-01", lambda: AlertAnswer.objects.bulk_create([row]))


@pytest.mark.parametrize("empty", ["plate", "plate_state", "vehicle"])
def test_no_alert_is_confirmed_without_what_the_person_read(agency, empty):
    refused("PK-01", answer(agency, **{empty: " "}).save)


def test_only_an_officer_answers(agency):
    refused("PK-01", answer(agency, officer=agency.captain).save)


def test_no_alert_ends_without_an_answer(agency):
    for state in ("confirmed", "dismissed"):
        refused("PK-01", lambda state=state: Alert.objects.update(state=state))


def test_an_answer_is_not_rewritten_and_an_alert_not_reopened(agency):
    answer(agency, decision=allowed_on(agency.officer, "alert.confirm", Alert.objects.get())).save()
    Alert.objects.update(state="confirmed")
    refused("PK-01", lambda: Alert.objects.update(state="live"))
    with pytest.raises((IntegrityError, ProgrammingError, DatabaseError)), transaction.atomic():
        AlertAnswer.objects.update(outcome="dismissed")


def test_what_was_found_is_not_rewritten(agency):
    refused("PK-01", lambda: Alert.objects.update(facts=[]))
    refused("PK-01", lambda: Alert.objects.update(plate="9XYZ999"))


def test_a_finding_does_not_count_as_raised_without_its_alert(agency):
    finding = Finding.objects.get()
    copy = Finding(key="overtime:0:0", state="raised", content=finding.content, found_at=timezone.now(),
                   read_received_at=timezone.now())  # fmt: skip
    refused("PK-02", copy.save)


def test_a_young_read_is_not_deleted_and_a_kept_one_never(agency):
    make.receive(agency.device, make.seen(NOON, metres=20, plate="7XYZ111"), at=NOON)
    refused("PK-05", lambda: Read.objects.filter(keeps=None).delete())
    refused("PK-05", lambda: run("DELETE FROM parking_read WHERE id IN (SELECT read_id FROM parking_readkeep)"))


def test_an_access_to_plate_data_says_who_what_and_why(agency):
    whole = {"user": agency.officer, "organization": "ECPD", "purpose": "parking", "reason": "Alert", "terms": {"a": 1}}
    PlateQuery.objects.create(**whole)
    for name, nothing in (("organization", ""), ("reason", ""), ("purpose", ""), ("terms", {})):
        row = PlateQuery(**whole | {name: nothing})
        refused("pk_06", row.save)
        refused("pk_06", lambda row=row: PlateQuery.objects.bulk_create([row]))


def test_the_log_of_accesses_is_not_rewritten(agency):
    PlateQuery.objects.create(
        user=agency.officer, organization="ECPD", purpose="parking", reason="Alert", terms={"a": 1}
    )
    for sql in ("UPDATE parking_platequery SET reason = ''", "DELETE FROM parking_platequery"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
