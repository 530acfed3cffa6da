"""The officer's console: what waits, answered once, by a person who compared."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from ecpd.accounts.roles import Role
from ecpd.policy.shown import token_of
from ecpd.web.words import lately
from parking.models import Alert, AlertAnswer, Finding, PlateQuery
from parking.selectors.alert import UNCITED_KINDS, uncited
from parking.selectors.shown import of_alert
from parking.services import citation_draft
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.people import make_user
from tests.shown import shown_in
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
NOON = make.MONDAY_NOON
TICKS = {"plate_checked": "on", "state_checked": "on", "vehicle_checked": "on", "no_placard_seen": "on"}
READ_OFF = {"plate": "8ABC123", "plate_state": "US-CA", "vehicle": "blue sedan"}


@pytest.fixture
def agency():
    """A car has overstayed in Alder Street."""
    made = make.agency()
    make.street(made.manager)
    for at in (NOON - timedelta(hours=4), NOON + timedelta(minutes=34)):
        make.receive(made.device, make.seen(at), at=at)
    look_at_all()
    return made


@pytest.fixture
def officer(agency, client):
    """The officer's browser."""
    sign_in(client, agency.officer)
    return client


def answer(browser, what: str, json: bool = True, **fields):
    """Confirm or dismiss the one alert there is, as the console shows it, or as it did before it was answered."""
    headers = {"Accept": "application/json"} if json else {}
    alert = Alert.objects.get()
    said = {"shown": token_of(of_alert(alert))}
    return browser.post(reverse(f"parking:alert-{what}", args=[alert.pk]), said | fields, headers=headers)


def test_the_console_shows_what_a_person_needs_to_decide(officer):
    page = officer.get(reverse("parking:console")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    first, again = (
        lately(NOON - timedelta(hours=4)),
        lately(NOON + timedelta(minutes=34)),
    )  # their day, unless it is today
    assert (first[-7:], again[-8:]) == ("8:00 am", "12:34 pm")
    for words in ("8ABC123", "Alder Street, E side", "34 min past limit", f"First seen {first}", f"Seen again {again}",
                  "No disabled placard seen", "Limit 4 h, plus 5 min grace"):  # fmt: skip
        assert words in page, words


def test_opening_the_console_is_an_access_to_plate_data(officer, agency):
    officer.get(reverse("parking:console"))
    query = PlateQuery.objects.get()
    assert (query.user, query.purpose, query.organization) == (
        agency.officer,
        "parking",
        "El Cerrito Police Department",
    )


def test_an_alert_is_confirmed_only_with_every_tick(officer):
    for missing in TICKS:
        ticks = {name: value for name, value in TICKS.items() if name != missing}
        refused = answer(officer, "confirm", **READ_OFF, **ticks)
        assert refused.status_code == 403, missing
        assert any(v["rule_id"] == "PK-01" and v["outcome"] == "unmet" for v in refused.json()["verdicts"])
    assert Alert.objects.get().state == "live"
    assert answer(officer, "confirm", **READ_OFF, **TICKS).json()["outcome"] == "confirmed"
    assert Alert.objects.get().state == "confirmed"


def test_what_the_person_reads_is_kept_beside_what_the_machine_read(officer):
    answer(officer, "confirm", **READ_OFF | {"plate": "8abc 128"}, **TICKS)
    assert AlertAnswer.objects.get().plate == "8ABC128"
    assert Alert.objects.get().plate == "8ABC123"


def test_a_dismissal_needs_a_reason_and_discretion_needs_words(officer):
    assert answer(officer, "dismiss").status_code == 422
    assert answer(officer, "dismiss", reason="discretion").status_code == 403
    assert answer(officer, "dismiss", reason="driver").json() == {"outcome": "dismissed", "next": ""}


def test_an_answer_sent_again_after_a_lost_connection_is_taken_once(officer):
    key = str(uuid4())
    first = answer(officer, "dismiss", reason="moved", client_key=key)
    again = answer(officer, "dismiss", reason="moved", client_key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert AlertAnswer.objects.count() == 1
    assert answer(officer, "dismiss", reason="moved", client_key=str(uuid4())).status_code == 403


@pytest.mark.parametrize("json", [True, False])
def test_what_another_officer_filled_in_is_not_taken_in_ones_own_name(officer, agency, json):
    for what, fields in (("dismiss", {"reason": "moved"}), ("dismiss", {}), ("confirm", READ_OFF | TICKS)):
        refused = answer(officer, what, json=json, answer_of=agency.manager.pk, **fields)
        assert refused.status_code == 409
        if json:
            assert refused.json()["code"] == "another_person"
    assert not AlertAnswer.objects.exists() and Alert.objects.get().state == "live"
    assert answer(officer, "dismiss", json=json, reason="moved", answer_of=agency.officer.pk).status_code in (200, 302)


def test_each_form_of_the_console_says_whose_it_is(officer, agency):
    page = officer.get(reverse("parking:console")).content.decode()
    forms = page.count("data-answer=")
    assert forms == 2 == page.count(f'name="answer_of" value="{agency.officer.pk}"')


def test_an_alert_that_a_later_read_refutes_cannot_be_confirmed(officer, agency):
    at = NOON + timedelta(hours=1)
    make.receive(agency.device, make.seen(NOON - timedelta(hours=2), side="L"), at=at)
    look_at_all()
    assert Finding.objects.get(key=Alert.objects.get().key).state == "refuted"
    assert "A later read speaks against it" in officer.get(reverse("parking:console")).content.decode()
    refused = answer(officer, "confirm", **READ_OFF, **TICKS)
    assert any(v["rule_id"] == "PK-02" and v["outcome"] == "unmet" for v in refused.json()["verdicts"])
    assert answer(officer, "dismiss", reason="moved").status_code == 200


def test_without_script_the_answer_is_a_page(officer):
    refused = answer(officer, "confirm", json=False, **READ_OFF)
    assert refused.status_code == 403
    assert "Compare with both pictures" in refused.content.decode()
    assert answer(officer, "dismiss", json=False, reason="driver").status_code == 302


def test_an_answer_says_what_the_console_showed(officer):
    at = reverse("parking:alert-dismiss", args=[Alert.objects.get().pk])
    page = officer.get(reverse("parking:console")).content.decode()
    for said in ({}, {"shown": ""}, {"shown": "{}"}):
        refused = officer.post(at, {"reason": "moved"} | said, headers={"Accept": "application/json"})
        assert refused.status_code == 403
        assert {v["rule_id"] for v in refused.json()["verdicts"] if v["outcome"] == "unmet"} == {"AU-03"}
    assert Alert.objects.get().state == "live"
    assert officer.post(at, {"reason": "moved", "shown": shown_in(page, at)}).status_code == 302


def test_who_has_no_part_in_parking_sees_no_alert(agency, client):
    sign_in(client, agency.captain)
    assert client.get(reverse("parking:console")).status_code == 403
    assert client.get(reverse("parking:alert", args=[Alert.objects.get().pk])).status_code == 403


def test_a_confirmed_alert_waits_for_its_citation(officer, agency, client):
    """On the start page, in the console and on its own page, until it is issued; and only for whoever confirmed it."""
    alert = Alert.objects.get()
    at = reverse("parking:citation-from-alert", args=[alert.pk])
    pages = [reverse("home"), reverse("parking:console"), reverse("parking:console-live"), alert.get_absolute_url()]
    said = lambda: [at in officer.get(page).content.decode() for page in pages]  # noqa: E731
    assert said() == [False] * 4
    answer(officer, "confirm", **READ_OFF, **TICKS)
    assert said() == [True] * 4
    draft = officer.get(at).url
    assert said() == [True] * 4  # begun is not issued
    sign_in(client, make_user(Role.PARKING_OFFICER))
    assert said() == [False] * 4
    sign_in(client, agency.officer)
    officer.post(reverse("parking:citation-draft-throw-away", args=[draft.rstrip("/").split("/")[-1]]))
    assert said() == [True] * 4


def test_a_dismissed_alert_and_a_hotlist_hit_wait_for_no_citation(officer, agency):
    answer(officer, "dismiss", reason="driver")
    assert not uncited(agency.officer).exists()
    assert set(UNCITED_KINDS) == {"overtime", "no_parking", "shared_permit"}


def test_a_citation_begun_by_hand_is_found_on_the_start_page(officer, agency):
    draft = citation_draft.begin(officer=agency.officer)
    assert draft.get_absolute_url() in officer.get(reverse("home")).content.decode()


@pytest.mark.parametrize(("seen", "said", "make", "body"), [
    ("Toyota", "gray Toyota RAV4 wagon", "Toyota", "RAV4 wagon"),
    ("Land Rover", "green Land Rover suv", "Land Rover", "suv"),
    ("Tesla", "white Model Y suv", "", "Model Y suv"),  # the person took the make away
])  # fmt: skip
def test_what_the_reader_named_and_the_person_left_is_the_make(officer, agency, seen, said, make, body):
    """PK-07: issued as it stood, every citation from an alert that needed no correction lacked the make."""
    alert = Alert.objects.get()
    alert.last_read.make, alert.first_read.make = seen, ""
    read = citation_draft._make(alert, said)
    assert (read, citation_draft._kind(said, citation_draft._color(said), read)) == (make, body)


def test_the_draft_of_an_uncorrected_alert_names_the_make(officer, agency):
    answer(officer, "confirm", **READ_OFF | {"vehicle": Alert.objects.get().vehicle}, **TICKS)
    draft = citation_draft.begin(officer=agency.officer, alert=Alert.objects.get())
    assert [draft.answers[name] for name in ("color", "make", "body")] == ["Blue", "Honda", "sedan"]
