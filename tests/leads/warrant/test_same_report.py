"""The same file, report, object, record or witness is one, under whatever exhibit (FR-10): it counts once, a rejection and an
answer that it rests on the face hold for it, and after a denial or a clearing it is nothing new (FR-13).
"""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases.models import Evidence
from cases.services.evidence import add_derivative
from ecpd.doctor.finding import State
from ecpd.policy.errors import PolicyDenied
from leads.after_upgrade import marks_short_of_evidence
from leads.corroboration import KINDS, NO_REFERENCE, answers_no, asks_of_photos
from leads.models import Corroboration, Lead
from leads.selectors.standing import standings_of
from leads.services import corroboration
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.history.conftest import answer_everything
from tests.leads.warrant.test_near_copies import exhibit as picture
from tests.leads.warrant.test_near_copies import scene
from tests.story import copy_of

pytestmark = pytest.mark.django_db
EXHIBITS = {"dna": "dna", "fingerprint": "fingerprint", "phone": "phone_records", "physical": "physical",
            "witness": "interview", "whereabouts": "transit"}  # fmt: skip
# Of each kind: what says what it is, the same in another spelling, and something else of its kind.
ONE = {
    "dna": ({"lab_number": "D-26/0118"}, {"lab_number": "d 26 118 (second copy)"}, {"lab_number": "D-26/0119"}),
    "fingerprint": ({"lab_number": "FP-78"}, {"lab_number": "FP 078"}, {"lab_number": "FP-780"}),
    "phone": ({"process_number": "SW-26-0771"}, {"process_number": "sw 26-771, part 2"}, {"process_number": "SW-26-0772"}),
    "physical": ({"reference": "Tag 4411"}, {"reference": "TAG-04411"}, {"reference": "Tag 4412"}),
    "witness": ({"witness": "P. Lund"}, {"witness": "Mr. Lund, Peter"}, {"witness": "Anna Lund"}),
    "whereabouts": ({"reference": "Tap 4411"}, {"reference": "tap #4411"}, {"reference": "Tap 4419", "place": "Richmond"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def begun(kept) -> tuple[make.Agency, Lead]:
    people = make.agency()
    return people, make.made_lead(people, probe=picture(people, scene(), "still"))


@pytest.fixture
def story(begun) -> tuple[make.Agency, Lead]:
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def lead(story) -> Lead:
    return story[1]


def said(kind: str, exhibit: Evidence, **changes: str) -> dict[str, str]:
    """Every field of a kind, with numbers and days that say nothing of what it is."""
    base = {field.name: "2024-11-02" if field.is_date else f"Said so by {exhibit.label}" for field in KINDS[kind]}
    shown = {"shown_photos": answers_no(kind)} if asks_of_photos(kind) else {}
    return base | shown | changes


def link(people, lead: Lead, kind: str, *, by=None, exhibit: Evidence | None = None, rests: str = "no", **changes: str):
    found = exhibit or make.exhibit(people, kind=EXHIBITS[kind], title="As it came")
    return corroboration.link(
        lead=lead, actor=by or people.okafor, evidence=found, kind=kind, details=said(kind, found, **changes),
        ties_by="It is his", because_of="no", rests_on_face=rests, independence="Found the same night",
    )  # fmt: skip


def stands(item: Corroboration) -> str:
    return standings_of(item.lead, now=True)[item.pk].standing


def refused_to_mark(people, lead: Lead, rule: str) -> None:
    lead = Lead.objects.get(pk=lead.pk)
    with pytest.raises(PolicyDenied) as refusal:
        leads.mark_for_warrant(lead=lead, actor=people.okafor)
    assert rule in [one.rule_id for one in refusal.value.blocking]
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make.allowed_on(people.okafor, "lead.mark_for_warrant", lead)
        Lead.objects.filter(pk=lead.pk).update(state="marked", marked_by=people.okafor, marked_at=lead.created_at)


# It counts once.


SPELLED = [
    ("fingerprint", "lab_number", "FP-9", "\uff26\uff30\uff0d\uff19"), ("fingerprint", "lab_number", "FP-9", "FP 9 / 2"),
    ("witness", "witness", "L. Ostrander", "Ostrander, Lee"), ("witness", "witness", "Jos\u00e9 N\u00fa\u00f1ez", "Jose Nunez"),
    ("witness", "witness", "\u674e\u96f7", "\u674e\u96f7"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "field", "one", "other"), SPELLED)
def test_spelling_makes_no_second_report_and_no_second_witness(people, lead, kind, field, one, other):
    items = [link(people, lead, kind, **{field: spelled}) for spelled in (one, other)]
    for item in items:
        make.verified(people, item)
    assert [stands(item) for item in items] == ["counts", "again"]


@pytest.mark.parametrize("kind", ONE)
def test_one_thing_counts_once_under_whatever_exhibit(people, lead, kind):
    first, again, other = (link(people, lead, kind, **changes) for changes in ONE[kind])
    for item in (first, again, other):
        make.verified(people, item)
    assert [stands(one) for one in (first, again, other)] == ["counts", "again", "counts"]


def test_a_record_of_one_kind_time_and_place_is_one_whatever_its_numbers(people, lead):
    """Else a second number, made up, would free a denied face with the record that was denied."""
    same = {"record": "Transit tap", "period": "20:10 to 20:40", "place": "Del Norte"}
    items = [link(people, lead, "whereabouts", reference=number, **same) for number in ("Tap 4411", "Tap 4419")]
    for item in items:
        make.verified(people, item)
    assert [stands(one) for one in items] == ["counts", "again"]


def test_nor_is_it_another_thing_under_another_kind(people, lead):
    """The property tag is the laboratory's number."""
    first = link(people, lead, "fingerprint", lab_number="FP-78")
    again = link(people, lead, "physical", reference="FP 78")
    for item in (first, again):
        make.verified(people, item)
    assert [stands(one) for one in (first, again)] == ["counts", "again"]


def test_two_objects_of_one_place_are_told_apart_by_their_numbers_alone(people, lead):
    place = {"found_at": "The drawer", "found_by": "Sgt. Quill", "found_date": "2024-11-02"}
    pictures = [picture(people, scene(name=name), "photo") for name in ("coffee.png", "cell.png", "brick.png")]
    numbers = ({"reference": "Tag 1"}, {"reference": "Tag 2"}, {"reference": ""})
    items = [link(people, lead, "physical", exhibit=one, **place, **number)
             for one, number in zip(pictures, numbers, strict=True)]  # fmt: skip
    for item in items:
        make.verified(people, item)
    assert [stands(one) for one in items] == ["counts", "counts", "again"]


# What somebody rejected, or found to rest on the face, is that under whatever exhibit.


@pytest.mark.parametrize("kind", ONE)
@pytest.mark.parametrize("how", ["rejected", "rests"])
def test_what_was_rejected_or_rests_on_the_face_is_that_in_another_row(people, lead, kind, how):
    answer: dict[str, Any] = {"verified": False} if how == "rejected" else {"rests_on_face": "yes"}
    make.verified(people, link(people, lead, kind, **ONE[kind][0]), **answer)
    again = link(people, lead, kind, **ONE[kind][1])
    other = link(people, lead, kind, **ONE[kind][2])
    for item in (again, other):
        make.verified(people, item, by=people.marsh)
    assert (stands(again), stands(other)) == ("rejected" if how == "rejected" else "face", "counts")


def test_what_a_witness_said_before_the_flyer_may_count_and_what_was_said_since_does_not(people, lead):
    flyer = link(people, lead, "witness", witness="P. Lund", statement_date="2024-11-05")
    make.verified(people, flyer, rests_on_face="yes")
    for day, standing in (("2024-11-04", "counts"), ("2024-11-05", "face"), ("2024-11-09", "face")):
        item = link(people, lead, "witness", witness="Peter Lund", statement_date=day)
        make.verified(people, item)
        assert stands(item) == standing, day
        corroboration.withdraw(item=item, actor=people.okafor, reason="For the next day.")


# The linker's own "yes" is not forgotten.


def taken_back(people, lead, exhibit) -> None:
    item = link(people, lead, "witness", exhibit=exhibit, rests="yes", witness="P. Lund")
    corroboration.withdraw(item=item, actor=people.okafor, reason="Answered wrongly, linked anew.")


def a_colleagues_taken_back(people, lead, exhibit) -> None:
    item = link(people, lead, "witness", by=people.raman, exhibit=exhibit, rests="yes", witness="P. Lund")
    corroboration.withdraw(item=item, actor=people.okafor, reason="Answered wrongly, linked anew.")


def a_colleagues_on_a_copy(people, lead, exhibit) -> None:
    copy = make.exhibit(people, kind="document", title="The same file")
    with make.by_the_owner():
        Evidence.objects.filter(pk=copy.pk).update(file=exhibit.file_id)
    link(people, lead, "witness", by=people.raman, exhibit=copy, rests="yes", witness="P. Lund")


def a_colleagues_on_what_it_was_made_of(people, lead, exhibit) -> None:
    """A transcript of the recording, of which a colleague said so, is linked by another."""
    original = Evidence.objects.get(pk=exhibit.derived_from_id)
    link(people, lead, "witness", by=people.raman, exhibit=original, rests="yes", reference="", witness="Somebody")


@pytest.mark.parametrize("how", [taken_back, a_colleagues_taken_back, a_colleagues_on_a_copy,
                                 a_colleagues_on_what_it_was_made_of])  # fmt: skip
def test_a_linkers_yes_holds_once_it_is_verified_whoever_gave_it_and_on_whatever_link(people, lead, how):
    recording = make.exhibit(people, kind="document", title="A talk")
    with make.by_the_owner():
        file = picture(people, scene("JPEG", name="coffee.png"), "document").file_id
        Evidence.objects.filter(pk=recording.pk).update(file=file)
    recording.refresh_from_db()
    typed = add_derivative(original=recording, actor=people.okafor, title="Typed", derivation="Typed", kind="document",
                           file=b"I saw him on the flyer", file_name="a.txt")  # fmt: skip
    how(people, lead, typed)
    item = link(people, lead, "witness", exhibit=typed, witness="P. Lund")
    assert stands(item) == "waits", "who verifies it is told nothing of the other answer"
    make.verified(people, item, by=people.marsh)
    assert stands(item) == "face"
    refused_to_mark(people, lead, "FR-10")


def test_a_mark_falls_when_a_colleague_links_what_it_rests_on_as_resting_on_the_face(people, lead):
    make.verified(people, link(people, lead, "witness", witness="P. Lund"))
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    again = make.exhibit(people, kind="interview", title="What he said")
    with pytest.raises(IntegrityError, match="FR-10: A lead does not stay"), transaction.atomic():
        make.allowed_on(people.raman, "corroboration.link", lead)
        Corroboration.objects.create(
            lead=lead, evidence=again, kind="witness", details=said("witness", again, witness="P. Lund"), ties_by="It is his",
            because_of="no", rests_on_face="yes", independence="After the flyer", linked_by=people.raman,
        )  # fmt: skip
        connection.check_constraints()
    link(people, lead, "witness", by=people.raman, exhibit=again, rests="yes", witness="P. Lund")
    lead.refresh_from_db()
    assert lead.state == "open"


def test_a_mark_of_another_lead_to_the_face_falls_with_a_rejection(people, lead):
    """Made by another search, with a link of its own to the same report."""
    make.verified(people, link(people, lead, "fingerprint", lab_number="FP-78"))
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    second = make.made_lead(people)
    with make.by_the_owner():
        Lead.objects.filter(pk=second.pk).update(person=lead.person)
    make.rejected(people, link(people, second, "fingerprint", lab_number="fp 78"))
    lead.refresh_from_db()
    assert lead.state == "open"


def test_words_that_rest_on_the_face_were_taken_from_what_rests_on_it(people, lead):
    """A transcript, and the recording that it was typed from; the picture of a place is none the worse for what was said."""
    recording = make.exhibit(people, kind="audio", title="A talk")
    typed = add_derivative(original=recording, actor=people.okafor, title="Typed", derivation="Typed", kind="document",
                           file=b"I saw him on the flyer", file_name="a.txt")  # fmt: skip
    make.verified(people, link(people, lead, "witness", exhibit=typed, witness="P. Lund"), rests_on_face="yes")
    item = link(people, lead, "witness", exhibit=recording, reference="A-44", witness="Somebody")
    make.verified(people, item, by=people.marsh)
    assert stands(item) == "face"


def test_a_picture_that_was_searched_with_in_the_matter_corroborates_nothing_whatever_it_found(people, lead):
    still = picture(people, scene(name="coffee.png"), "still")
    item = link(people, lead, "whereabouts", exhibit=still)
    make.verified(people, item)
    assert stands(item) == "counts"
    make.requested(people, probe=still)
    assert stands(item) == "search"
    again = picture(people, scene("JPEG", name="coffee.png"), "photo")
    with pytest.raises((PolicyDenied, IntegrityError), match="FR-10"):
        link(people, lead, "whereabouts", exhibit=again)


# A line-up counts only where the witness picked this person.


@pytest.mark.parametrize("outcome", ["A filler", "Nobody", "Unsure", ""])
def test_a_line_up_in_which_the_witness_did_not_pick_this_person_counts_for_nothing(people, lead, outcome):
    make.verified(people, link(people, lead, "fingerprint", lab_number="FP-78"))
    for said_so, standing in (("The suspect", "lineup"), (outcome, "not picked")):
        item = make.linked(people, lead, kind="lineup", details=make.LINEUP)
        make.verified(people, item)
        with make.by_the_owner():
            Corroboration.objects.filter(pk=item.pk).update(details=make.LINEUP | {"outcome": said_so})
        assert stands(item) == standing
        corroboration.withdraw(item=item, actor=people.okafor, reason="For the next one.")
    with pytest.raises(ValidationError, match="Say whom the witness picked"):
        make.linked(people, lead, kind="lineup", details=make.LINEUP | {"outcome": "Number 4"})


# With neither a file nor a custodian's number it counts for nothing.


@pytest.mark.parametrize("kind", ONE)
def test_what_has_neither_file_nor_number_counts_for_nothing(people, lead, kind):
    number = next(
        name for name in ("lab_number", "process_number", "reference") if name in {f.name for f in KINDS[kind]}
    )
    with pytest.raises(ValidationError, match="This exhibit has no file"):
        link(people, lead, kind, **{number: "It is there"})
    item = link(people, lead, kind, **ONE[kind][0])
    make.verified(people, item)
    assert stands(item) == "counts"
    with make.by_the_owner():
        Corroboration.objects.filter(pk=item.pk).update(details=item.details | {number: "Unknown"})
    assert stands(item) == "no reference"
    refused_to_mark(people, lead, "FR-10")


def test_the_form_says_so_at_the_field(client, people, lead):
    from tests.signing_in import sign_in

    bag = make.exhibit(people, kind="physical", title="A bag")
    sign_in(client, people.okafor)
    sent = {"kind": "physical", "evidence": bag.pk, "ties_by": "His bag", "because_of": "no", "rests_on_face": "no",
            "independence": "Found the same night"}  # fmt: skip
    sent |= {f"d_{name}": value for name, value in said("physical", bag, reference="").items()}
    page = client.post(f"{lead.get_absolute_url()}link/", sent).content.decode()
    assert NO_REFERENCE in page and not lead.corroborations.exists()


def test_doctor_names_a_mark_that_rests_on_what_counts_no_more(people, lead):
    item = link(people, lead, "physical", reference="Tag 4411")
    make.verified(people, item)
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    assert marks_short_of_evidence().state is State.OK
    with make.by_the_owner():  # linked by an older release
        Corroboration.objects.filter(pk=item.pk).update(details=item.details | {"reference": ""})
    found = marks_short_of_evidence()
    assert found.state is State.WARN and lead.number in found.sentence
