"""PK-06, PK-08, PK-17: a look is recorded before it is shown, data leaves only for Californian agencies, months in numbers."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from ecpd.doctor.finding import State
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from parking import after_upgrade as share_list
from parking.models import AccessReport, PartnerAgency, PlatePolicy, PlateQuery, PlateShare, PublicAgency
from parking.models.plate_policy import PARTS
from parking.services import access_report, share
from parking.services.access import look
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.leads import allowed
from tests.owners_hand import listed
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
ASKED = {"plate": "8abc-123", "purpose": "investigation", "reason": "Case 26-000123, hit and run on Monday."}
REQUEST = {"request": "Letter of Nov 20, 2026, by Det. Lowe", "purpose": "Hit and run under investigation there"}


@pytest.fixture(scope="module")
def begun(kept):
    """A street on which one plate was read."""
    made = make.agency()
    make.street(made.manager)
    at = timezone.now() - timedelta(hours=3)
    make.receive(made.device, make.seen(at), at=at)
    look_at_all()
    return made


@pytest.fixture
def agency(begun):
    return copy_of(begun)


@pytest.fixture
def captain(agency, client):
    """The captain's browser."""
    sign_in(client, agency.captain)
    return client


def test_a_look_with_a_reason_is_recorded_and_shown(captain, agency):
    page = captain.post(reverse("parking:plate-lookup"), ASKED).content.decode()
    assert "Alder Street, E side" in page
    query = PlateQuery.objects.get()
    assert (query.user, query.purpose, query.terms, query.results) == (
        agency.captain, "investigation", {"plate": "8ABC123", "state": ""}, 1,
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["purpose", "reason"])
def test_without_purpose_or_reason_nothing_is_shown(captain, missing):
    page = captain.post(reverse("parking:plate-lookup"), ASKED | {missing: ""})
    assert page.status_code == 422
    assert "Alder Street" not in page.content.decode()
    assert not PlateQuery.objects.exists()


def test_a_reason_that_is_none_is_refused_on_the_record(captain):
    page = captain.post(reverse("parking:plate-lookup"), ASKED | {"reason": "because"})
    assert page.status_code == 403
    assert "Alder Street" not in page.content.decode()
    assert Decision.objects.get(action="plate.query").outcome == "denied"


def test_an_export_is_an_access_of_its_own_kind(captain):
    answer = captain.post(reverse("parking:plate-lookup"), ASKED | {"export": "1"})
    assert answer["Content-Type"].startswith("text/csv")
    assert b"8ABC123" in answer.content
    assert PlateQuery.objects.get().channel == "export"


def test_who_has_no_role_for_plate_data_sees_no_form(agency, client):
    sign_in(client, agency.chief)
    assert client.get(reverse("parking:plate-lookup")).status_code == 403


def partner(agency) -> PartnerAgency:
    """An agency of the register."""
    return share.enter_agency(actor=agency.captain, listed=listed("Albany Police"), contact="Records desk")


def give(agency, actor=None, **changes):
    """Decide on a request for what was read today."""
    asked = REQUEST | {"agency": changes.pop("to", None) or partner(agency), "received_on": date(2026, 11, 20),
                       "plate": "8ABC123", "since": timezone.now() - timedelta(days=1), "until": timezone.now(),
                       "reasons": "The letter names a case and a plate."} | changes  # fmt: skip
    return share.share(actor=actor or agency.captain, **asked)


def test_a_californian_agency_receives_what_it_asked_for_and_the_hash_is_kept(agency):
    made, content = give(agency)
    assert (made.outcome, made.records) == ("granted", 1)
    assert b"8ABC123" in content
    assert PlateQuery.objects.get().channel == "sharing"


def test_a_refusal_gives_nothing_and_is_recorded(agency):
    made, content = give(agency, refuse=True)
    assert (made.outcome, made.records, content) == ("refused", 0, b"")


@pytest.mark.parametrize(
    "changes",
    [{"for_immigration": True}, {"purpose": "A civil immigration matter"}, {"request": ""}, {"reasons": "short"}],
)
def test_a_share_for_immigration_or_without_words_is_refused(agency, changes):
    with pytest.raises(PolicyDenied, match="PK-08"):
        give(agency, **changes)
    assert not PlateShare.objects.exists()


PLAIN = (
    "Letter of the Richmond Police Department, Nov 20",
    "Sheriff's Office in Martinez, by telephone",
    "Notice of a subpoena; service on Nov 20, at your office",
    "Ice cream truck struck a parked car; justice court",
    "ICE-CREAM VAN STOLEN FROM THE ICE RINK, ICE MACHINE INSIDE",
    "Theft of heroes' memorial, police officer asks",
    "Hit and run on US-101 at the federal building, U.S. mail stolen",
    "Nevada County Sheriff's Office; Nevada City Police Department",
    "Menlo Park Police, in the ice rink; a bag of ice cubes",
    "California Department of Justice, Bureau of Forensic Services",
)
FEDERAL = (
    "Federal task force",
    "Letter of a U.S. agent",
    "For the F.B.I., Oakland",
    "A D\u0415A inquiry",
    "U. S. Marshals",
    "fbi San Francisco field office",
    "F-B-I",
    "F. B. I.",
    "Fed. Bureau of Investigation",
    "National Park Service",
    "Postal Inspection Service",
)
ELSEWHERE = ("Nevada Highway Patrol", "Oregon State Police", "Flock Safety, Inc.", "Washington Department of Licensing")
REFUSED = (
    "A civil immigration matter",
    "Warrant of deportation, held for ICE",
    "For I.C.E., San Francisco field office",
    "With CBP, at the port",
    "U.S. Customs and\nBorder Protection asks for it",
    "Department of Homeland\u00a0Security",
    "An immi\u200bgration detainer",
    "IMMIGRATION",
    "Home\u00adland-security investigators",
    "For I\u0421E, S\u00e1n Francisco",
    "I-C-E asks",
    "Enforcement and Removal Operations",
    "Dept. of Homeland Sec.",
    "Letter of ice",
    "hsi, Oakland",
    "i. c. e.",
)


@pytest.mark.parametrize("words", PLAIN)
def test_a_letter_of_a_police_department_or_an_office_is_no_immigration_matter(agency, words):
    assert give(agency, request=words, purpose=f"{words}: hit and run")[0].outcome == "granted"


@pytest.mark.parametrize("field", ["request", "purpose"])
@pytest.mark.parametrize("words", REFUSED)
def test_words_that_name_immigration_enforcement_are_refused(agency, words, field):
    with pytest.raises(PolicyDenied, match="PK-08") as denied:
        give(agency, **{field: f"{words}, by letter"})
    assert "names immigration enforcement" in denied.value.blocking[0].sentence
    assert not PlateShare.objects.exists()


@pytest.mark.parametrize("field", ["request", "purpose"])
@pytest.mark.parametrize("words", FEDERAL)
def test_words_that_name_a_federal_agency_are_refused_by_both(agency, words, field):
    with pytest.raises(PolicyDenied, match="PK-08") as denied:
        give(agency, **{field: f"{words}, by letter"})
    assert "names a federal agency" in denied.value.blocking[0].sentence
    row = PlateShare(agency=PartnerAgency.objects.get(), received_on=date(2026, 11, 20), plate="8ABC123", since=timezone.now(),
                     until=timezone.now(), outcome="granted", reasons="The letter names a case.", decided_by=agency.captain,
                     **(REQUEST | {field: f"{words}, by letter"}))  # fmt: skip
    with (
        pytest.raises(DatabaseError, match="PK-08: Plate data is never given to a federal agency"),
        transaction.atomic(),
    ):
        row.save()


@pytest.mark.parametrize("field", ["request", "purpose", "reasons"])
@pytest.mark.parametrize("words", [*ELSEWHERE, "Letter of the Oakland  police department", FEDERAL[4], REFUSED[2]])
def test_what_is_written_names_nobody_else(agency, words, field):
    listed("Oakland Police Department")
    with pytest.raises(PolicyDenied, match="PK-08"):
        give(agency, **{field: f"{words}, by letter"})
    row = PlateShare(agency=PartnerAgency.objects.get(), received_on=date(2026, 11, 20), plate="8ABC123", since=timezone.now(),
                     until=timezone.now(), outcome="granted", decided_by=agency.captain,
                     **(REQUEST | {"reasons": "It names a case.", field: f"{words}, by letter"}))  # fmt: skip
    with pytest.raises(DatabaseError, match=r"PK-08: (Plate data is never|What is written)"), transaction.atomic():
        row.save()
    assert give(agency, to=PartnerAgency.objects.get(), refuse=True, **{field: f"{words}, by letter"})[1] == b""


def test_what_is_written_may_name_the_agency_that_asks(agency):
    listed("Alameda County", "county")
    own = listed("Alameda County Sheriff's Office", "county")
    sheriff = share.enter_agency(actor=agency.captain, listed=own, contact="Records")
    assert (
        give(agency, to=sheriff, request="Letter of the Alameda County Sheriff\u2019s Office")[0].outcome == "granted"
    )


def test_an_agency_that_is_not_on_the_list_is_refused_by_both(agency):
    off = PublicAgency(key="off", name="Alder Bay Police", kind="city", law="Gov. Code 36501")
    row = PartnerAgency(name=off.name, kind="city", contact="Records", entered_by=agency.captain)
    with pytest.raises(DatabaseError, match="PK-08: An agency that may ask"), transaction.atomic():
        row.save()
    row.listed = listed("Oakland Police Department")
    with pytest.raises(DatabaseError, match="PK-08: An agency that may ask"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        off.save(force_insert=True)


def test_an_agency_taken_off_the_list_receives_nothing_more(agency, owner_cursor):
    to = partner(agency)
    other = listed("Oakland Police Department")
    owner_cursor.execute("RESET ROLE; UPDATE parking_publicagency SET withdrawn_at = now()")
    owner_cursor.execute("SET session_replication_role = origin; SET ROLE ecpd_app")
    with pytest.raises(PolicyDenied, match="owner's list"):
        share.enter_agency(actor=agency.captain, listed=other, contact="Records")
    with pytest.raises(PolicyDenied, match="taken off the list"):
        give(agency, to=PartnerAgency.objects.get(pk=to.pk))
    row = PlateShare(agency=to, received_on=date(2026, 11, 20), plate="8ABC123", since=timezone.now(), until=timezone.now(),
                     outcome="granted", reasons="It names a case.", decided_by=agency.captain, **REQUEST)  # fmt: skip
    with pytest.raises(DatabaseError, match="PK-08: Plate data goes only"), transaction.atomic():
        row.save()
    owner_cursor.execute("RESET ROLE")


def test_one_from_before_there_was_a_list_is_named_and_put_on_it(agency, captain, owner_cursor):
    owner_cursor.execute(
        "INSERT INTO parking_partneragency (name, kind, state, is_public, contact, entered_by_id, entered_at) VALUES "
        "('Albany Police', 'city', 'CA', true, 'Records', %s, now())", [agency.captain.pk],
    )  # fmt: skip
    owner_cursor.execute("SET session_replication_role = origin; SET ROLE ecpd_app")
    old = PartnerAgency.objects.get()
    assert share_list.state_of_the_register().state is State.WARN
    with pytest.raises(PolicyDenied, match="before there was a list"):
        give(agency, to=old)
    listed("Albany Police")
    captain.post(reverse("parking:plate-agency"), {"listed": "albany police", "contact": "Records"})
    assert give(agency, to=PartnerAgency.objects.get())[0].outcome == "granted"
    assert share_list.state_of_the_register().state is State.OK
    owner_cursor.execute("RESET ROLE")


def test_an_agency_is_chosen_from_the_list_and_one_that_is_missing_has_a_way(agency, captain):
    listed("Albany Police")
    page = captain.get(reverse("parking:plate-shares")).content.decode()
    assert '<option value="Albany Police">' in page and "manage.py load_agencies" in page
    for name in ("Albany  police", "Somebody else"):
        captain.post(reverse("parking:plate-agency"), {"listed": name, "contact": "Records desk"})
    assert [one.name for one in PartnerAgency.objects.all()] == ["Albany Police"]
    page = captain.get(reverse("parking:plate-shares")).content.decode()
    assert "Ask the records manager" in page or "ask the records manager" in page


def test_no_federal_agency_enters_the_register(agency):
    for name in (
        "Federal Bureau of Investigation",
        "U.S. Department of Justice",
        "US Attorney",
        "Homeland-Security, Oakland",
    ):
        with pytest.raises(PolicyDenied, match="PK-08"):
            share.enter_agency(actor=agency.captain, listed=listed(name, "state"), contact="Records")
    for name in (
        "California Department of Justice",
        "Office of the State Fire Marshal",
        "Ca\u00f1ada College District",
    ):
        assert share.enter_agency(actor=agency.captain, listed=listed(name, "state"), contact="Records").pk


def test_no_agency_of_immigration_enforcement_enters_the_register(agency):
    for name in ("ICE San Francisco", "Immigration and Customs Enforcement", "Border Patrol, sector 4"):
        with pytest.raises(PolicyDenied, match="PK-08"):
            share.enter_agency(actor=agency.captain, listed=listed(name, "state"), contact="Records")
    sheriff = listed("Office of the Sheriff", "county")
    assert share.enter_agency(actor=agency.captain, listed=sheriff, contact="Records").pk


def test_a_manager_does_not_share(agency):
    with pytest.raises(PolicyDenied, match="AC-08"):
        give(agency, actor=agency.manager)


def test_the_database_lets_no_other_agency_in(agency):
    row = PartnerAgency(name="A vendor", kind="state", contact="x", state="NV", entered_by=agency.captain)
    private = PartnerAgency(name="A pool", kind="state", contact="x", is_public=False, entered_by=agency.captain)
    for wrong in (row, private):
        with pytest.raises(DatabaseError, match="pk_08"), transaction.atomic():
            wrong.save()
    known = partner(agency)
    with pytest.raises(DatabaseError, match="PK-08"), transaction.atomic():
        PartnerAgency.objects.filter(pk=known.pk).update(state="NV")


def test_the_database_shares_nothing_for_immigration_whoever_writes(agency):
    known = partner(agency)
    row = PlateShare(agency=known, received_on=date(2026, 11, 20), plate="8ABC123", since=timezone.now(),
                     until=timezone.now(), outcome="granted", reasons="x", decided_by=agency.captain, **REQUEST)  # fmt: skip
    row.for_immigration = True
    with pytest.raises(DatabaseError, match="PK-08"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="PK-08"), transaction.atomic():
        PlateShare.objects.bulk_create([row])
    row.for_immigration, row.decided_by = False, agency.manager
    with pytest.raises(DatabaseError, match="PK-08"), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"purpose": "immigration"}, "pk_06_platequery_purpose_listed"),
        ({"purpose": "Parking"}, "pk_06_platequery_purpose_listed"),
        ({"reason": " "}, "pk_06_"),
        ({"reason": "\u200b\n"}, "pk_06_"),
        ({"organization": "\t"}, "pk_06_"),
    ],
)
def test_the_database_records_no_access_without_a_purpose_of_the_policy_and_words(agency, changes, constraint):
    whole = {
        "user": agency.captain,
        "organization": "City",
        "purpose": "parking",
        "reason": "A misread.",
        "terms": {"plate": "X"},
    }
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        PlateQuery.objects.bulk_create([PlateQuery(**whole | changes)])


@pytest.mark.parametrize("part", PARTS)
def test_the_database_publishes_no_policy_with_a_part_of_blanks(agency, part):
    whole = {name: f"On {name}." for name in PARTS} | {"public_comment_on": date(2026, 9, 15), "number": 99}
    with transaction.atomic():
        allowed(agency.manager, "plate_policy.draft", subject_type="parking.platepolicy")
        row = PlatePolicy.objects.create(**whole | {part: "\n\u200b"}, drafted_by=agency.manager)
    published = {"published_by": agency.chief, "published_at": timezone.now() + timedelta(minutes=1)}
    with pytest.raises(DatabaseError, match="pk_09_published_whole"), transaction.atomic():
        PlatePolicy.objects.filter(pk=row.pk).update(**published)


def test_a_month_is_reported_once_in_numbers_that_name_nobody(agency, client):
    for _ in range(3):
        look(user=agency.captain, purpose="parking", reason="Looking for a misread.", terms={"plate": "8ABC123"})
    next_month = (timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1)
    made = access_report.report_last_month(today=next_month)
    assert access_report.report_last_month(today=next_month) is None
    assert made.figures["accesses"] == 3
    assert made.figures["by_purpose"] == {"Parking enforcement": 3}
    assert made.figures["most_by_one_person"] is None
    page = client.get(reverse("parking:plate-access")).content.decode()
    assert f"{made.month:%B %Y}" in page and agency.captain.last_name not in page
    assert AccessReport.objects.count() == 1


def test_a_manager_holds_and_releases_on_a_page(agency, client):
    sign_in(client, agency.manager)
    client.post(reverse("parking:plate-holds"), {"plate": "8ABC123", "reason": "A claim against the city."})
    page = client.get(reverse("parking:plate-holds")).content.decode()
    assert "A claim against the city." in page and "No council resolution" in page
    assert client.post(reverse("parking:plate-purge")).status_code == 403
