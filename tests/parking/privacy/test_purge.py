"""PK-05: what nothing came of leaves when its time is over; evidence and holds stay; the proof says what left."""

import hashlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from ecpd.policy import services as manual
from ecpd.policy.errors import PolicyDenied
from parking import store
from parking.models import Alert, Finding, IngestBatch, PlateImage, PlatePurge, Read, Stay, Track
from parking.services import access, purge
from parking.services.keeping import keep_for
from parking.services.looking import look_at_all
from tests.accounts.conftest import owner
from tests.factories import parking as make

pytestmark = pytest.mark.django_db
OLD = timedelta(days=40)


@pytest.fixture
def agency():
    """A street and a council that has resolved."""
    made = make.agency()
    make.street(made.manager)
    resolve(made)
    return made


def resolve(agency) -> None:
    """The resolution is entered by amendment."""
    amendment = manual.propose_amendment(
        actor=agency.captain, changes={"plate_retention_resolution": "Resolution 2026-41, October 6, 2026"},
        reason="The council resolved on how long reads are kept.", effective_on=timezone.localdate(),
    )  # fmt: skip
    manual.approve_amendment(amendment=amendment, actor=agency.chief, reason="As the council resolved.")


def read_of(agency, days: float, **fields) -> Read:
    """A read captured so many days ago. Its time is written as the application's role would: on insert."""
    at = timezone.now() - timedelta(days=days)
    make.receive(agency.device, make.seen(at, **fields), at=at + timedelta(seconds=2))
    return Read.objects.order_by("-pk")[0]


def test_old_reads_leave_and_young_ones_stay(agency):
    old, young = read_of(agency, 40), read_of(agency, 3, plate="7XYZ111")
    look_at_all()
    made = purge.purge_by_hand(actor=agency.manager)
    assert (made.reads, made.left_over) == (1, 0)
    assert list(Read.objects.values_list("pk", flat=True)) == [young.pk]
    assert not Read.objects.filter(pk=old.pk).exists()
    assert not Stay.objects.filter(plate="8ABC123").exists() and not Track.objects.filter(plate="8ABC123").exists()


def test_the_proof_can_be_recomputed_from_what_left(agency):
    read = read_of(agency, 40)
    line = f"{read.pk}|{read.device_id}|{read.device_seq}|{read.captured_at}\n"
    made = purge.purge_by_hand(actor=agency.manager)
    assert made.digest == hashlib.sha256(line.encode()).hexdigest()
    assert made.resolution.startswith("Resolution 2026-41")


def test_pictures_leave_with_their_reads_unless_another_read_shows_them(agency):
    shared, own = store.store(b"\xff\xd8\xff shared"), store.store(b"\xff\xd8\xff own")
    old, young = read_of(agency, 40), read_of(agency, 3, plate="7XYZ111")
    for read, sha256 in ((old, shared), (old, own), (young, shared)):
        PlateImage.objects.create(read=read, kind="scene", sha256=sha256, state="stored")
    with_commit = SimpleNamespace(callbacks=[])
    run_on_commit(with_commit, lambda: purge.purge_by_hand(actor=agency.manager))
    assert (store.holds(shared), store.holds(own)) == (True, False)


def run_on_commit(box, act) -> None:
    """Run what a commit would run: the test's own transaction never commits."""
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True) as box.callbacks:
        act()


def test_evidence_stays(agency):
    at = make.MONDAY_NOON
    for moment in (at - timedelta(hours=4), at + timedelta(hours=1)):
        make.receive(agency.device, make.seen(moment), at=moment)
    look_at_all()
    assert set(purge.due(timezone.now())) == set()
    assert Read.objects.exclude(keeps=None).count() == 2
    for alert in Alert.objects.all():
        assert {keep.decision for keep in alert.keeps.all()} == {alert.decision}


def an_alert_on(read: Read) -> Alert:
    """An alert that rests on this read alone."""
    return Alert.objects.create(kind=Alert.Kind.HOTLIST, key=f"test:{read.pk}", plate=read.plate, last_at=read.captured_at,
                                first_at=read.captured_at, first_read=read, last_read=read, device=read.device)  # fmt: skip


def test_nobody_lifts_what_keeps_a_read_nor_keeps_one_that_nothing_came_of(agency):
    one, other = read_of(agency, 40), read_of(agency, 41)
    alert = an_alert_on(one)
    keep_for(alert, [one.pk])
    for statement in ("DELETE FROM parking_readkeep", f"UPDATE parking_readkeep SET read_id = {other.pk}"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="PK-05: Only a read that the alert rests on"), transaction.atomic():
        keep_for(alert, [other.pk])
    with pytest.raises(DatabaseError, match="PK-05: A read that is evidence"), transaction.atomic():
        Read.objects.filter(pk=one.pk)._raw_delete("default")
    purge.purge_by_hand(actor=agency.manager)
    assert list(Read.objects.all()) == [one]


def test_the_pictures_of_evidence_stay_with_it(agency):
    one, other = read_of(agency, 40), read_of(agency, 41)
    for read in (one, other):
        PlateImage.objects.create(read=read, kind="plate", sha256=f"{read.pk:064d}")
    keep_for(an_alert_on(one), [one.pk])
    with pytest.raises(DatabaseError, match="PK-05: A read that is evidence"), transaction.atomic():
        PlateImage.objects.filter(read=one).delete()
    assert PlateImage.objects.filter(read=other).delete()[0] == 1


def test_a_hold_keeps_what_it_names_until_it_is_released(agency):
    read_of(agency, 40)
    hold = access.place_hold(actor=agency.manager, plate="8ABC123", reason="A claim against the city was filed.")
    assert purge.purge_by_hand(actor=agency.manager).reads == 0
    with pytest.raises(DatabaseError, match="PK-05"), transaction.atomic():
        Read.objects.all().delete()
    access.release_hold(hold=hold, actor=agency.manager, reason="The claim was settled.")
    assert purge.purge_by_hand(actor=agency.manager).reads == 1


MAY_BE_IT = {
    "the same letters, and no state told": {"plate": "8ABC123", "state": ""},
    "a look-alike": {"plate": "BABC123"},
    "a character dropped": {"plate": "8ABC12"},
    "two look-alikes": {"plate": "8A8CI23"},
    "another guess of the reader": {"plate": "6XXX666", "candidates": [{"plate": "8ABC123", "confidence": 0.4}]},
}
IS_ANOTHER = {
    "other letters": {"plate": "6XXX666"},
    "another state": {"plate": "8ABC123", "state": "NV"},
}


@pytest.mark.parametrize("fields", MAY_BE_IT.values(), ids=MAY_BE_IT)
def test_a_hold_keeps_what_may_be_its_plate(agency, fields):
    read = read_of(agency, 40, **fields)
    look_at_all()
    access.place_hold(actor=agency.manager, plate="8ABC123", plate_state="US-CA", reason="A claim was filed.")
    stays, tracks = Stay.objects.count(), Track.objects.count()
    made = purge.purge_by_hand(actor=agency.manager)
    assert (made.reads, made.kept, made.left_over) == (0, 1, 0)
    with pytest.raises(DatabaseError, match="PK-05: A read that may be of a plate under a hold"), transaction.atomic():
        Read.objects.filter(pk=read.pk)._raw_delete("default")
    if read.plate != "6XXX666":
        assert (Stay.objects.count(), Track.objects.count()) == (stays, tracks) != (0, 0)


@pytest.mark.parametrize("fields", IS_ANOTHER.values(), ids=IS_ANOTHER)
def test_a_hold_keeps_nothing_of_another_vehicle(agency, fields):
    read_of(agency, 40, **fields)
    look_at_all()
    access.place_hold(actor=agency.manager, plate="8ABC123", plate_state="US-CA", reason="A claim was filed.")
    assert purge.purge_by_hand(actor=agency.manager).reads == 1
    assert not Stay.objects.exists() and not Track.objects.exists()


def test_a_hold_without_a_state_keeps_every_state(agency):
    read_of(agency, 40, state="NV")
    access.place_hold(actor=agency.manager, plate="8ABC123", reason="A claim was filed.")
    assert purge.purge_by_hand(actor=agency.manager).reads == 0


def test_a_hold_keeps_a_picture_in_which_its_plate_was_seen(agency):
    read = read_of(agency, 40, plate="6XXX666")
    picture = PlateImage.objects.create(read=read, kind="scene", sha256="a" * 64, state="stored")
    picture.asked_at = timezone.now()
    picture.opinion = {"text": "8ABC123", "agrees": False, "words": "The picture says 8ABC123."}
    picture.save(update_fields=["asked_at", "opinion"])
    access.place_hold(actor=agency.manager, plate="8ABC123", reason="A claim was filed.")
    assert purge.purge_by_hand(actor=agency.manager).reads == 0
    with pytest.raises(DatabaseError, match="PK-05: A read that may be of a plate under a hold"), transaction.atomic():
        PlateImage.objects.filter(pk=picture.pk).delete()


def test_a_hold_keeps_what_was_found_and_the_delivery(agency):
    read_of(agency, 40)
    found = {"state": "found", "found_at": timezone.now() - OLD, "read_received_at": timezone.now() - OLD}
    for plate in ("BABC123", "6XXX666"):
        Finding.objects.create(key=f"test:{plate}", content={"plate": plate, "plate_state": "US-CA"}, **found)
    with owner(asleep=True) as cursor:
        cursor.execute(
            "UPDATE parking_ingestbatch SET raw = %s, received_at = %s",
            ['{"plate": "8ABC123"}', timezone.now() - OLD],
        )
    access.place_hold(actor=agency.manager, plate="8ABC123", reason="A claim was filed.")
    purge.purge_by_hand(actor=agency.manager)
    assert [one.key for one in Finding.objects.all()] == ["test:BABC123"]
    assert IngestBatch.objects.get().raw == {"plate": "8ABC123"}
    with pytest.raises(DatabaseError, match="PK-05: What brought a read"), transaction.atomic():
        IngestBatch.objects.update(raw=None)


def test_without_a_resolution_nothing_is_deleted(django_db_blocker):
    made = make.agency()
    make.street(made.manager)
    read_of(made, 40)
    assert purge.purge_nightly() is None
    with pytest.raises(PolicyDenied, match="council resolution"):
        purge.purge_by_hand(actor=made.manager)
    with pytest.raises(DatabaseError, match="PK-05"), transaction.atomic():
        Read.objects.all().delete()
    assert Read.objects.count() == 1


def test_a_read_that_is_not_due_is_refused_by_the_database_whoever_asks(agency):
    read_of(agency, 3)
    with pytest.raises(DatabaseError, match="PK-05"), transaction.atomic():
        Read.objects.all().delete()


def test_the_body_of_an_old_delivery_leaves_even_where_a_read_of_it_is_evidence(agency):
    read = read_of(agency, 40)
    keep_for(an_alert_on(read), [read.pk])
    with owner(asleep=True) as cursor:
        cursor.execute(
            """UPDATE parking_ingestbatch SET raw = '{"plate": "8ABC123"}', received_at = %s""", [timezone.now() - OLD]
        )
    purge.purge_by_hand(actor=agency.manager)
    assert IngestBatch.objects.get().raw is None


def test_a_purge_runs_twice_without_harm(agency):
    read_of(agency, 40)
    first, second = purge.purge_nightly(), purge.purge_nightly()
    assert (first.reads, second.reads) == (1, 0)
    assert PlatePurge.objects.count() == 2
