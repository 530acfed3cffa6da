"""Every page of permits: what the public and staff can do there, and what nobody can."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts.roles import Role
from parking.models import Exemption, Permit, PermitApplication, PermitClass, PermitLink, PermitTry, PlateQuery
from parking.services.exemption import add_exemption
from parking.services.permit_guest import make_code
from tests.factories.people import make_user
from tests.parking.permits import making
from tests.shown import decide
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
APPLY = {"name": "Rosa Quill", "address": "12 Elm Street", "plate_1": "8abc-123", "state_1": "US-CA"}


def url(name: str, *args) -> str:
    """An address of parking."""
    return reverse(f"parking:{name}", args=args)


@pytest.fixture
def desk(client, manager):
    """A browser in which a manager is signed in."""
    sign_in(client, manager)
    return client


@pytest.fixture
def portal(client):
    """A browser that opened the link sent to Rosa."""
    client.post(url("permit-portal"), {"email": making.EMAIL})
    path = re.search(r"http://testserver(/parking/permits/open/\S+)", mail.outbox[-1].body)[1]
    assert client.get(path).status_code == 200
    assert client.post(path).headers["Location"] == url("permit-mine")
    return client


def bill() -> SimpleUploadedFile:
    """A document."""
    return SimpleUploadedFile("bill.pdf", making.PDF, content_type="text/html")


def test_a_link_by_e_mail_opens_the_portal_and_only_its_hash_is_kept(portal):
    assert portal.get(url("permit-mine")).status_code == 200
    token = re.search(r"open/([^/\s]+)/", mail.outbox[-1].body)[1]
    assert token not in str(list(PermitLink.objects.values()))
    assert portal.session["permit_email"]["email"] == making.EMAIL


def test_without_a_link_nothing_opens_and_a_wrong_one_says_so(client, residential):
    for name, args in (("permit-mine", []), ("permit-apply", [residential.permit_class.code]), ("permit-own", ["X"])):
        assert client.get(url(name, *args)).headers["Location"] == url("permit-portal")
    answer = client.get(url("permit-open", "not-a-token"), follow=True)
    assert b"was used or is too old" in answer.content


def test_a_link_whose_time_is_over_opens_nothing(client):
    client.post(url("permit-portal"), {"email": making.EMAIL})
    path = re.search(r"(/parking/permits/open/\S+)", mail.outbox[-1].body)[1]
    PermitLink.objects.update(expires_at=timezone.now())
    assert client.post(path).headers["Location"] == url("permit-portal")


def test_a_link_opens_once_and_for_nobody_after(client):
    client.post(url("permit-portal"), {"email": making.EMAIL})
    path = re.search(r"(/parking/permits/open/\S+)", mail.outbox[-1].body)[1]
    for _ in range(2):  # looking at it, as mail scanners do, uses nothing up
        assert client.get(path).status_code == 200
    assert client.post(path).headers["Location"] == url("permit-mine")
    other = Client()
    assert other.post(path).headers["Location"] == url("permit-portal")
    assert "permit_email" not in other.session


def test_links_are_limited_by_network_and_by_e_mail_address(client):
    for _ in range(10):
        assert client.post(url("permit-portal"), {"email": making.EMAIL}).status_code == 200
    assert client.post(url("permit-portal"), {"email": "else@example.com"}).status_code == 429
    other = client.post(url("permit-portal"), {"email": making.EMAIL}, REMOTE_ADDR="192.0.2.9")
    assert other.status_code == 429 and b"Open the newest of them" in other.content
    assert len(mail.outbox) == 10
    PermitTry.objects.update(at=F("at") - timedelta(seconds=61))
    assert client.post(url("permit-portal"), {"email": "else@example.com"}).status_code == 200


def link_of(message) -> str:
    """The path of the link in a message."""
    return re.search(r"http://testserver(/parking/permits/open/\S+)", message.body)[1]


def test_who_asks_for_links_to_somebody_elses_address_keeps_nobody_out(client):
    for number in range(12):
        client.post(url("permit-portal"), {"email": making.EMAIL}, REMOTE_ADDR=f"203.0.113.{number}")
    assert client.post(link_of(mail.outbox[-1])).headers["Location"] == url("permit-mine")


def test_a_link_works_once_and_looking_at_it_does_not_use_it(client):
    client.post(url("permit-portal"), {"email": making.EMAIL})
    path = link_of(mail.outbox[-1])
    for _ in range(3):  # a mail scanner follows it, and its owner looks twice
        assert Client().get(path).status_code == 200 and Client().head(path).status_code == 405
    assert client.post(path).headers["Location"] == url("permit-mine")
    second = Client()
    for answer in (second.post(path), second.get(path)):
        assert answer.headers["Location"] == url("permit-portal")
    assert second.get(url("permit-mine")).status_code == 302


def test_the_link_is_shown_in_the_demonstration_only(client, settings):
    assert b"demo-link" not in client.post(url("permit-portal"), {"email": making.EMAIL}).content
    settings.DEMO = True
    assert b"demo-link" in client.post(url("permit-portal"), {"email": making.EMAIL}).content


def test_a_permit_is_applied_for_approved_from_the_list_and_its_plate_changed(portal, residential, manager, client):
    answer = portal.post(url("permit-apply", residential.permit_class.code), APPLY | {"documents": bill()})
    assert answer.status_code == 302, answer.context["form"].errors
    application = PermitApplication.objects.get()
    assert application.plates == [["8ABC123", "US-CA"]] and application.documents.get().media_type == "application/pdf"
    assert b"waits for review" in portal.get(url("permit-own-application", application.number)).content
    opened = dict(portal.session["permit_email"])
    sign_in(client, manager)
    assert application.number in client.get(url("permit-queue")).content.decode()
    decide(
        client,
        url("permit-queue"),
        {"outcome": "approve", "reasons": "All is in order here."},
        to=url("permit-decide", application.number),
    )
    permit = Permit.objects.get()
    client.logout()
    session = client.session
    session["permit_email"] = opened
    session.save()
    assert permit.number in client.get(url("permit-mine")).content.decode()
    own = url("permit-own-swap", permit.number)
    bad = client.post(own, {"instead_of": 1, "plate": "RENT1", "state": "US-NV", "kind": "rental"})
    assert bad.status_code == 422 and b"last day" in bad.content
    client.post(own, {"instead_of": 1, "plate": "7xyz987", "state": "US-CA", "kind": "own"})
    assert b"7XYZ987" in client.get(url("permit-own", permit.number)).content
    zone = residential.areas.get().zones.first()
    row = permit.plates.get(plate="7XYZ987")
    said = client.get(url("permit-own-check", permit.number), {"plate": row.pk, "zone": zone.pk})
    assert b"It may park here" in said.content


def test_the_portal_shows_nobody_elses_permits_or_documents(portal, residential, manager):
    from parking.citations.upload import Upload

    other = making.application(residential, email="other@example.com", uploads=[Upload("bill.pdf", making.PDF)])
    permit = making.permit(residential, manager, "2BBB222", email="other@example.com", address="9 Oak Street")
    for name, arg in (("permit-own-application", other.number), ("permit-own", permit.number),
                      ("permit-own-document", other.documents.get().pk)):  # fmt: skip
        assert portal.get(url(name, arg)).status_code == 404
    assert portal.post(url("permit-own-swap", permit.number), {}).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [({"plate_1": ""}, "License plate"), ({"state_1": ""}, "State"), ({"name": ""}, "Your name"),
     ({"plate_1": "!"}, "says nothing"), ({"plate_1": "A!"}, "2 to 12")],
)  # fmt: skip
def test_what_is_missing_in_an_application_is_said(portal, residential, change, said):
    answer = portal.post(url("permit-apply", residential.permit_class.code), APPLY | change)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not PermitApplication.objects.exists()


def test_a_program_is_no_document_whatever_its_name(portal, residential):
    program = SimpleUploadedFile("bill.pdf", b"MZ\x90 a program")
    answer = portal.post(url("permit-apply", residential.permit_class.code), APPLY | {"documents": program})
    assert answer.status_code == 422 and "no PDF" in answer.content.decode()


def test_a_document_is_saved_and_never_run_by_the_browser(desk, residential):
    from parking.citations.upload import Upload

    made = making.application(residential, uploads=[Upload('<b>"bill.pdf', making.PDF)]).documents.get()
    answer = desk.get(url("permit-document", made.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bbill.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.content == making.PDF


def test_a_guest_parks_by_phone(client, visitor, manager):
    _, code = make_code(permit=making.permit(visitor, manager))
    assert client.get(url("guest")).status_code == 200
    answer = client.post(url("guest"), {"code": code, "plate": "7guest1", "state": "US-CA"})
    assert b"You may park until" in answer.content
    wrong = client.post(url("guest"), {"code": "WRONG", "plate": "7guest1", "state": "US-CA"})
    assert wrong.status_code == 422


def test_a_holder_makes_a_code_that_is_shown_once(portal, visitor, manager):
    permit = making.permit(visitor, manager)
    answer = portal.post(url("permit-own-guest", permit.number), {"visits": 2, "days": 7, "label": "Jo"}, follow=True)
    code = re.search(r"The code is (\w{4}-\w{4})", answer.content.decode())[1]
    assert code not in portal.get(url("permit-own", permit.number)).content.decode()
    portal.post(url("permit-own-guest-revoke", permit.number, permit.guest_codes.get().pk))
    assert permit.guest_codes.get().revoked_at


def test_a_renewal_is_offered_near_the_end_with_what_is_known(portal, residential, manager, moved_back):
    permit = making.permit(residential, manager)
    assert b"?renew=" not in portal.get(url("permit-own", permit.number)).content
    moved_back(permit, 330)
    assert b"?renew=" in portal.get(url("permit-own", permit.number)).content
    address = f"{url('permit-apply', residential.permit_class.code)}?renew={permit.number}"
    assert b"8ABC123" in portal.get(address).content
    portal.post(address, APPLY)
    assert PermitApplication.objects.get(renewal_of=permit).state == "waiting"
    assert portal.post(address, APPLY).status_code == 422


def test_a_holder_takes_back_an_application_and_gives_up_a_permit(portal, residential, manager):
    waiting = making.application(residential, "1AAA111")
    portal.post(url("permit-own-application", waiting.number), {"reason": ""})
    permit = making.permit(residential, manager)
    portal.post(url("permit-own-end", permit.number), {"reason": "Moved away."})
    waiting.refresh_from_db()
    permit.refresh_from_db()
    assert waiting.state == "withdrawn" and permit.ended_reason == "Moved away."


def test_staff_enter_find_change_and_end(desk, residential, manager):
    form = APPLY | {"channel": "counter", "documents_seen": "Utility bill"}
    answer = desk.post(url("permit-enter", residential.permit_class.code), form)
    assert answer.status_code == 302, answer.context["form"].errors
    application = PermitApplication.objects.get()
    assert desk.get(application.get_absolute_url()).status_code == 200
    decide(desk, application.get_absolute_url(), {"outcome": "approve", "reasons": "Seen at the counter."})
    permit = Permit.objects.get()
    for query in ("8ABC123", permit.number, "Quill", "Elm"):
        assert permit.number in desk.get(url("permits"), {"q": query}).content.decode()
    assert permit.number not in desk.get(url("permits"), {"standing": "soon"}).content.decode()
    csv = desk.get(url("permits"), {"_export": "csv"}).content.decode()
    assert "12 Elm Street" in csv and "8ABC123" in csv
    assert desk.get(permit.get_absolute_url()).status_code == 200
    swap = {"instead_of": 1, "plate": "7XYZ987", "state": "US-CA", "kind": "own", "reason": "He called about it."}
    decide(desk, url("permit-swap", permit.number), swap)
    decide(desk, url("permit-warn", permit.number), {"reason": "Two vehicles were seen."})
    decide(desk, url("permit-replace", permit.number), {"reason": "The number was misprinted."})
    permit.refresh_from_db()
    new = permit.replaced_by
    decide(desk, url("permit-end", new.number), {"reason": "Moved away, by letter.", "ground": "moved"})
    new.refresh_from_db()
    assert new.ended_by == manager and b"has the place of" in desk.get(new.get_absolute_url()).content


def test_a_denied_application_is_reopened_from_its_page(desk, residential):
    application = making.application(residential)
    decide(
        desk,
        url("permit-queue"),
        {"outcome": "deny", "reasons": "The address is not proven."},
        to=url("permit-decide", application.number),
    )
    assert b"The address is not proven." in desk.get(application.get_absolute_url()).content
    decide(
        desk,
        application.get_absolute_url(),
        {"reason": "A bill was brought."},
        to=url("permit-reopen", application.number),
    )
    application.refresh_from_db()
    assert application.state == "waiting"


def test_classes_and_their_rules_are_entered_on_their_pages(desk, area):
    desk.post(url("permit-classes"), {"name": "Residential permit C", "code": "res-c", "kind": "residential"})
    made = PermitClass.objects.get(code="res-c")
    rules = {
        "areas": [str(area.pk)], "user_class": "permit-C", "duration_days": 365, "prices": "40, 60.00",
        "most_per_household": 3, "plates_max": 1, "eligibility": "Lives in the area.", "documents": "Proof of address",
        "resolution": "Resolution 2026-30", "resolved_on": "2026-02-03", "effective_on": "2026-03-01",
    }  # fmt: skip
    refused = desk.post(made.get_absolute_url(), rules | {"eligibility": "Single-family homes only"})
    assert refused.status_code == 403 and b"PK-16" in refused.content
    answer = desk.post(made.get_absolute_url(), rules)
    assert answer.status_code == 302, answer.context["form"].errors
    assert made.terms.get().prices == [4000, 6000]
    assert b"$40.00, then $60.00" in desk.get(url("permit-classes")).content
    assert b"$40.00, then $60.00" in desk.get(url("permit-portal")).content


def test_a_list_of_exempt_plates_is_tried_and_taken_in(desk):
    def sent(**more):
        file = SimpleUploadedFile("fleet.csv", f"plate,state,kind,expires\n1EXE234,CA,city_fleet,{day}\n-,CA,press,{day}\n"
                                  .encode())  # fmt: skip
        return desk.post(url("exemption-import"), {"source": "Public works", "file": file} | more)

    day = f"{timezone.localdate() + timedelta(days=90)}"
    assert b"would be taken in" in sent().content and not Exemption.objects.exists()
    assert b"Report of what was left out" in sent(take="1").content
    row = Exemption.objects.get()
    assert b"no letters" in desk.get(url("exemption-report", row.imported_id)).content
    assert b"1EXE234" in desk.get(url("exemptions"), {"q": "1EXE"}).content
    decide(desk, url("exemption-end", row.pk), {"reason": "The truck was sold."})
    row.refresh_from_db()
    assert row.ended_at


def test_the_check_answers_only_with_a_purpose_and_a_reason_and_records_the_look(desk, agency):
    asked = {"plate": "8abc123", "state": "US-CA", "zone": str(agency.zones["east"].pk), "purpose": "parking"}
    assert desk.post(url("check"), asked).status_code == 422
    answer = desk.post(url("check"), asked | {"reason": "Driver asked at the curb"})
    assert b"It may park here" in answer.content
    query = PlateQuery.objects.get()
    assert query.terms["plate"] == "8ABC123" and query.channel == "screen"


def test_the_api_answers_and_records_the_look(desk, agency):
    asked = {"plate": "8ABC123", "zone": str(agency.zones["east"].pk), "purpose": "parking"}
    assert desk.get("/api/parking/allowed", asked).status_code == 400
    short = desk.get("/api/parking/allowed", asked | {"reason": "x"})
    assert short.status_code == 403 and not PlateQuery.objects.exists()
    answer = desk.get("/api/parking/allowed", asked | {"reason": "Driver asked at the curb"}).json()
    assert answer["allowed"] is True and answer["why"]
    assert PlateQuery.objects.get().channel == "api"


def test_who_has_no_part_in_parking_sees_none_of_it(client, residential):
    application = making.application(residential)
    sign_in(client, make_user(Role.INVESTIGATOR))
    for name, args in (("permits", []), ("permit-queue", []), ("permit-counter", []), ("exemptions", []),
                       ("permit-classes", []), ("permit-application", [application.number])):  # fmt: skip
        assert client.get(url(name, *args)).status_code == 403, name
    client.logout()
    assert client.get(url("permits")).status_code == 302
    assert client.get("/api/parking/allowed").status_code in (401, 403)


def test_an_officer_sees_and_enters_and_does_not_decide_or_change(client, residential, agency):
    application = making.application(residential)
    permit = making.permit(residential, agency.manager, "2BBB222", address="9 Oak Street")
    sign_in(client, agency.officer)
    assert client.get(url("permit-queue")).status_code == 200
    decide = client.post(
        url("permit-decide", application.number), {"outcome": "approve", "reasons": "All is in order."}
    )
    assert decide.status_code == 403
    for name, args in (("permit-swap", [permit.number]), ("permit-end", [permit.number]), ("exemption-import", [])):
        assert client.get(url(name, *args)).status_code == 403


def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(desk, residential, manager):
    counts = []
    for count in (2, 8):
        for number in range(count):
            made = f"{count}{number}"
            making.permit(
                residential, manager, f"{made}ABC12", address=f"{made} Oak Street", email=f"a{made}@example.com"
            )
            making.application(residential, f"{made}XYZ98", address=f"{made} Oak Street", email=f"b{made}@example.com")
            add_exemption(actor=manager, kind="press", plate=f"{made}EXE", state="US-CA", source="Press office",
                          last_day=timezone.localdate() + timedelta(days=30))  # fmt: skip
        asked = []
        for name in ("permits", "permit-queue", "exemptions", "permit-classes"):
            desk.get(url(name))
            with CaptureQueriesContext(connection) as queries:
                answer = desk.get(url(name))
            asked.append(len(queries))
            if name == "permit-queue":
                assert b"Somebody else has this address" in answer.content
        counts.append(asked)
    assert counts[0] == counts[1] and max(counts[1]) <= 15
