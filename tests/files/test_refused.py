"""A refused or failed change leaves no file behind; one that somebody else needs stays."""

import ast
import hashlib
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from cases import vault
from cases.models import Evidence, StoredFile
from cases.services import timeline
from ecpd.accounts.roles import Role
from ecpd.files import all_or_nothing
from ecpd.policy.errors import PolicyDenied
from leads.models import ImportBatch
from leads.services import gallery
from parking import store
from parking.citations.upload import Upload
from parking.models import PermitApplication, PlateImage, PlatePolicy
from parking.services import permit_application, second_opinion
from parking.services.plate_policy import withdraw_policy
from tests.factories import cases as cases_of
from tests.factories import leads as leads_of
from tests.factories import parking as make
from tests.factories.people import make_user
from tests.parking.ingest_service.test_makers import sample
from tests.parking.permits import making
from tests.signing_in import sign_in
from tests.waiting import until

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 200


@pytest.fixture
def okafor():
    """The investigator of a case."""
    return make_user(Role.INVESTIGATOR, last_name="Okafor")


@pytest.fixture
def case(okafor):
    """A case."""
    return cases_of.opened(okafor)


def test_an_exhibit_that_the_door_refuses_leaves_no_file(case, stored):
    stranger = make_user(Role.INVESTIGATOR, last_name="Aldana")
    with pytest.raises(PolicyDenied):
        cases_of.exhibit(case, stranger)
    assert stored() == set() and not StoredFile.objects.exists()


def test_an_exhibit_with_a_mistake_leaves_no_file(case, okafor, stored):
    with pytest.raises(ValidationError):
        cases_of.exhibit(case, okafor, title="")
    assert stored() == set()


def test_an_exhibit_that_fails_after_its_file_was_kept_leaves_none(case, okafor, stored, monkeypatch):
    def fails(**kwargs):
        assert len(stored()) == 1
        raise OSError("disk")

    monkeypatch.setattr(timeline, "add", fails)
    with pytest.raises(OSError, match="disk"):
        cases_of.exhibit(case, okafor)
    assert stored() == set() and not Evidence.objects.exists()


def test_the_same_content_of_an_exhibit_that_stands_stays(case, okafor, stored):
    made = cases_of.exhibit(case, okafor)
    with pytest.raises(ValidationError):
        cases_of.exhibit(case, okafor, title="")
    assert stored() == {made.file.sha256} and vault.verify(made.file)


def test_a_file_that_is_refused_for_itself_leaves_nothing_on_its_way(case, okafor, stored, settings):
    settings.EVIDENCE_MAX_BYTES = 100
    with pytest.raises(vault.FileRefused):
        cases_of.exhibit(case, okafor, file=b"x" * 101)
    assert stored() == set()


def test_an_import_that_the_door_refuses_leaves_no_archive(client, stored):
    people = leads_of.agency()
    source = leads_of.a_source(people.marsh)
    gallery.withdraw_source(source=source, actor=people.marsh, reason="The paper asked for it.")
    sign_in(client, people.marsh)
    photos = SimpleUploadedFile("a.png", leads_of.picture())
    assert client.post(reverse("leads:gallery-import", args=[source.pk]), {"photos": photos}).status_code == 403
    assert stored() == set() and not ImportBatch.objects.exists()


def test_an_application_with_one_bad_document_leaves_none_of_them(stored):
    made = make.agency()
    terms = making.terms(made.manager, [making.area(list(make.street(made.manager).values()))])
    uploads = [Upload("bill.pdf", making.PDF), Upload("card.exe", b"MZ" * 30)]
    with pytest.raises(ValueError, match=r"card\.exe"):
        permit_application.apply_online(terms=terms, email=making.EMAIL, plates=[("8ABC123", "US-CA")],
                                        uploads=uploads, details=making.WHO)  # fmt: skip
    assert stored() == set() and not PermitApplication.objects.exists()


def delivered(client, agency, picture: bytes):
    """A delivery that brings its picture; always the same read."""
    body = {"json": sample("platerecognizer_plate"), "upload": SimpleUploadedFile("car.jpg", picture, "image/jpeg")}
    return client.post(f"/api/parking/ingest/platerecognizer/{agency.token}", body)


def digest(content: bytes) -> str:
    """What content is stored under."""
    return hashlib.sha256(content).hexdigest()


def test_a_delivery_sent_again_with_another_picture_leaves_no_file(client, stored):
    agency = make.agency()
    assert delivered(client, agency, JPEG).json()["accepted"] == 2  # two plates in one picture
    assert delivered(client, agency, JPEG + b"y").json()["duplicate"] == 2
    assert stored() == set(PlateImage.objects.filter(state="stored").values_list("sha256", flat=True)) == {digest(JPEG)}


def test_a_delivery_that_fails_or_finds_the_gate_shut_leaves_no_file(client, stored, monkeypatch):
    agency = make.agency()
    with monkeypatch.context() as patch:
        patch.setattr(second_opinion, "ask", lambda found: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            delivered(client, agency, JPEG)
    assert stored() == set()
    withdraw_policy(published=PlatePolicy.objects.get(), actor=agency.chief, reason="To be rewritten.")
    assert delivered(client, agency, JPEG).status_code == 403
    assert stored() == set()


def test_a_picture_that_is_let_go_stays_while_somebody_names_it(stored):
    kept = store.store(JPEG)
    assert store.remove(kept, unless=lambda: True) is False and stored() == {kept}
    assert store.remove(kept) is True and stored() == set()
    assert store.remove(kept) is False


def test_a_block_inside_another_goes_with_it(stored):
    with pytest.raises(KeyError), all_or_nothing(), transaction.atomic():
        with all_or_nothing(), transaction.atomic():
            store.store(JPEG)
        assert stored() == {digest(JPEG)}
        raise KeyError
    assert stored() == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first_fails", [True, False])
def test_of_two_who_keep_the_same_file_at_once_the_refused_one_takes_it_from_nobody(stored, first_fails):
    placed, ends = threading.Event(), threading.Event()

    def keeps(fails: bool, wait: bool) -> None:
        try:
            with all_or_nothing(), transaction.atomic():
                vault.store(JPEG)
                if wait:
                    placed.set()
                    assert ends.wait(30)
                if fails:
                    raise KeyError
        except KeyError:
            pass
        finally:
            connection.close()

    first = threading.Thread(target=keeps, args=(first_fails, True))
    second = threading.Thread(target=keeps, args=(not first_fails, False))
    first.start()
    assert placed.wait(30)
    second.start()
    until(waits_for_a_lock)
    ends.set()
    first.join()
    second.join()
    assert StoredFile.objects.count() == 1
    assert vault.verify(StoredFile.objects.get()) and stored() == {digest(JPEG)}


def waits_for_a_lock() -> bool:
    """Whether somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone() is not None


def test_files_are_kept_in_few_places_and_each_is_known():
    """A new one says here in which block it lies that takes refused files away (ecpd.files)."""
    keeps = {"vault.store", "vault.incoming", "vault.incoming_if", "store.store"}
    found = {
        str(path.relative_to(ROOT))
        for app in ("cases", "leads", "parking", "ecpd")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        and f"{node.func.value.id}.{node.func.attr}" in keeps
    }  # fmt: skip
    assert found == {
        "cases/services/evidence.py",  # the door
        "leads/services/after.py",  # the door
        "leads/services/gallery.py",  # one photo's own block
        "leads/services/upload.py",  # kept in request_import, in the door
        "leads/services/warrant.py",  # the door
        "parking/demo/load.py",  # the demo's own drawings
        "parking/services/abandoned.py",  # the doors of whoever calls
        "parking/services/contest.py",  # the door; online a block of its own
        "parking/services/images.py",  # a block of its own
        "parking/services/ingest.py",  # the delivery's block
        "parking/services/notice.py",  # the doors of whoever calls; by night a block of its own
        "parking/services/permit_application.py",  # the door; online a block of its own
        "parking/services/tow.py",  # the doors
    }
