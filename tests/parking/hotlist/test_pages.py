"""Pages of hotlists: who sees what, what is recorded, what a form does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from parking.models import Alert, Hotlist, HotlistEntry, PlateQuery
from parking.services import alert as alerts
from tests import signing_in
from tests.shown import decide

pytestmark = pytest.mark.django_db
FILE = b"plate,state,vehicle,reference,expires\n7XYZ321,CA,gray Ford,,\n=X,ZZ,,,\n"


def at(name: str, *args) -> str:
    return reverse(f"parking:{name}", args=args)


@pytest.fixture
def as_(client):
    """The client signed in as somebody."""

    def sign_in(user):
        signing_in.sign_in(client, user)
        return client

    return sign_in


def test_a_manager_enters_a_list_adds_a_plate_and_withdraws_it(as_, agency):
    client = as_(agency.manager)
    made = client.post(at("hotlist-enter"), {"kind": "stolen_plate", "source": "County", "reason": "Daily",
                                             "expires_on": f"{timezone.localdate()}"})  # fmt: skip
    hotlist = Hotlist.objects.get()
    assert made.headers["Location"] == hotlist.get_absolute_url()
    client.post(at("hotlist-add", hotlist.pk), {"plate": "7xyz 321", "plate_state": "US-CA"})
    entry = HotlistEntry.objects.get()
    assert entry.plate == "7XYZ321"
    refused = decide(client, at("hotlist-entry-withdraw", entry.pk), {"reason": ""})
    assert refused.status_code == 422
    decide(client, at("hotlist-entry-withdraw", entry.pk), {"reason": "Found by its owner"})
    decide(client, at("hotlist-withdraw", hotlist.pk), {"reason": "The source took it back"})
    page = client.get(hotlist.get_absolute_url()).content.decode()
    assert "Found by its owner" in page and "The source took it back" in page
    assert PlateQuery.objects.filter(user=agency.manager, purpose="stolen").exists()


def test_a_refusal_stands_above_what_was_typed(as_, agency, hotlist):
    answer = as_(agency.manager).post(at("hotlist-add", hotlist.pk), {"plate": "7XYZ321", "vehicle": "stolen Ford"})
    assert answer.status_code == 403
    assert "describe the vehicle only" in answer.content.decode() and "7XYZ321" in answer.content.decode()


def test_a_file_is_looked_at_then_taken_in_and_its_refused_lines_come_back(as_, agency, hotlist):
    client = as_(agency.manager)
    looked = client.post(at("hotlist-import", hotlist.pk), {"upload": SimpleUploadedFile("a.csv", FILE), "look": "yes"})
    assert "Nothing is written yet" in looked.content.decode() and not HotlistEntry.objects.exists()
    client.post(at("hotlist-import", hotlist.pk), {"upload": SimpleUploadedFile("a.csv", FILE), "take_in": "yes"})
    assert HotlistEntry.objects.get().plate == "7XYZ321"
    refused = client.get(at("hotlist-import-refused", hotlist.imports.get().pk)).content.decode()
    assert "3,'=X," in refused
    wrong = client.post(at("hotlist-import", hotlist.pk), {"upload": SimpleUploadedFile("a.csv", b"no"), "look": "yes"})
    assert wrong.status_code == 422


def test_who_answers_alerts_reads_no_reason_on_any_page(as_, agency, entry):
    client = as_(agency.officer)
    for address in (at("hotlists"), entry.hotlist.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "stolen" not in page.lower() and "sheriff" not in page
    assert "8ABC123" in page
    assert client.get(at("hotlist-add", entry.hotlist.pk)).status_code == 403
    assert "Stolen vehicle" in as_(agency.auditor).get(at("hotlists")).content.decode()


def test_the_reason_is_on_the_alert_only_after_dispatch_has_confirmed(as_, agency, entry, pass_by):
    pass_by()
    alert, client = Alert.objects.get(), as_(agency.officer)
    assert "Stolen" not in client.get(alert.get_absolute_url()).content.decode()
    alerts.confirm(alert=alert, actor=agency.officer, plate="8ABC123", plate_state="US-CA", vehicle="blue sedan",
                   plate_checked=True, state_checked=True, vehicle_checked=True, dispatch_confirmed_at=timezone.now(),
                   dispatch_words="Current, unit 4 is coming")  # fmt: skip
    page = client.get(alert.get_absolute_url()).content.decode()
    assert "Listed as: Stolen vehicle" in page and "unit 4 is coming" in page


def test_a_long_list_asks_the_database_no_more_often(as_, agency, hotlist, django_assert_max_num_queries):
    from parking.services.hotlist_import import import_entries

    lines = b"plate\n" + b"".join(b"6XYZ%03d\n" % n for n in range(60))
    import_entries(hotlist=hotlist, actor=agency.manager, content=lines, file_name="a.csv")
    client = as_(agency.manager)
    for address in (at("hotlists"), hotlist.get_absolute_url()):
        with django_assert_max_num_queries(15):
            client.get(address)
