"""Numbers are compared with their like, names as people write them, and words with what they were taken from (FR-10, FR-13)."""

import json

import pytest
from django.db import connection
from django.utils import timezone

from cases.services.evidence import add_derivative
from leads.models import Lead
from leads.models.parts import had_a_part
from leads.selectors.history import is_bound
from leads.services import corroboration, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.history.conftest import answer_everything
from tests.leads.warrant.test_near_copies import exhibit as picture
from tests.leads.warrant.test_near_copies import scene
from tests.leads.warrant.test_same_report import link, stands
from tests.story import copy_of, settle

pytestmark = pytest.mark.django_db
ONE_PERSON = [
    ("Peter Lund, clerk", "P. Lund (eyewitness)"), ("Lund, store clerk", "Peter Lund, neighbor"), ("LUND, PETER", "Peter Lund"),
    ("Mr. Lund of Elm Street", "Peter Lund - clerk"), ("Witness 1", "witness #01"), ("CI-7", "C.I. 7"),
    ("Peter Lund 2", "P. Lund"), ("Confidential witness 1", "Witness 1"), ("\u674e", "\u674e \u660e"),
]  # fmt: skip
TWO_PEOPLE = [("Witness 1", "Witness 2"), ("W-1", "W-2"), ("Jane Doe", "Jane Doe #2"), ("Jane Doe", "Jane Doe (2)"),
              ("Mr. Lund, Peter", "Anna Lund"), ("Peter Lund, clerk", "Anna Berg, clerk"),
              ("Witness 1, clerk", "Witness 2, clerk"), ("Store clerk", "Peter Lund")]  # fmt: skip
ONE_THING = [
    ({"lab_number": "FP-78"}, {"lab_number": "FP 078"}), ({"lab_number": "FP-78"}, {"reference": "FP 78, copy"}),
    ({"lab_number": "12"}, {"lab_number": "012"}), ({"reference": "26-000123"}, {"reference": "26-000123, second copy"}),
    ({"lab_number": "FP-9"}, {"reference": "Tag 41", "exhibit_title": "Report FP-9 of the city laboratory"}),
]  # fmt: skip
TWO_THINGS = [
    ({"lab_number": "12"}, {"reference": "12"}), ({"reference": "26-000123"}, {"reference": "26-000123-4"}),
    ({"lab_number": "9"}, {"reference": "Tag 41", "exhibit_title": "Report 9"}), ({"lab_number": "FP-78"}, {"lab_number": "78"}),
    ({"lab_number": "F-26-78"}, {"lab_number": "D-26-78"}), ({"lab_number": "FP-78"}, {"lab_number": "FP-780"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def begun(kept):
    people = make.agency()
    return people, make.made_lead(people, probe=picture(people, scene(), "still"))


@pytest.fixture
def story(begun):
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def lead(story) -> Lead:
    return story[1]


def says(function: str, cast: str, one, other) -> set:
    with connection.cursor() as cursor:
        asked = f"SELECT public.{function}(%s::{cast}, %s::{cast})"
        return {cursor.execute(asked, pair).fetchone()[0] for pair in ((one, other), (other, one))}


def test_names_and_numbers_both_ways(db):
    for expected, pairs in ((True, ONE_PERSON), (False, TWO_PEOPLE)):
        for pair in pairs:
            assert says("ecpd_one_witness", "text", *pair) == {expected}, pair
    for expected, things in ((True, ONE_THING), (False, TWO_THINGS)):
        for one, other in things:
            assert says("ecpd_one_report", "jsonb", json.dumps(one), json.dumps(other)) == {expected}, (one, other)


def test_a_second_witness_without_a_name_is_a_second_witness_and_a_described_one_is_not(people, lead):
    make.verified(people, link(people, lead, "witness", witness="Witness 1"), rests_on_face="yes")
    make.verified(people, link(people, lead, "witness", witness="Peter Lund, clerk"), verified=False)
    items = [
        link(people, lead, "witness", witness=name) for name in ("Witness 2", "P. Lund (eyewitness)", "Witness 01")
    ]
    for item in items:
        make.verified(people, item, by=people.marsh)
    assert [stands(one) for one in items] == ["counts", "rejected", "face"]


def test_a_report_that_was_rejected_is_it_under_the_title_of_a_document_too(people, lead):
    make.rejected(people, link(people, lead, "fingerprint", lab_number="FP-9"))
    paper = make.exhibit(people, kind="document", title="Report FP-9 of the city laboratory")
    item = link(people, lead, "witness", exhibit=paper, witness="J. Pell", reference="Tag 41")
    make.verified(people, item, by=people.marsh)
    assert stands(item) == "rejected"


def test_what_one_linker_said_of_another_exhibit_is_set_aside_by_others_on_the_record(people, lead):
    """A bag with the report's number, said to rest on the face, ends the report until others link and verify it anew."""
    good = link(people, lead, "dna", lab_number="D-26-0118")
    make.verified(people, good)
    junk = link(people, lead, "physical", by=people.raman, rests="yes", reference="D-26-0118")
    assert stands(good) == "face"
    corroboration.withdraw(item=junk, actor=people.raman, reason="Linked by mistake, he says.")
    corroboration.withdraw(item=good, actor=people.okafor, reason="To be looked at anew.")
    by_him = link(people, lead, "dna", by=people.raman, exhibit=good.evidence, lab_number="D-26-0118")
    make.verified(people, by_him, by=people.marsh)
    assert stands(by_him) == "face", "not by who said so himself"
    corroboration.withdraw(item=by_him, actor=people.okafor, reason="To be looked at anew.")
    anew = link(people, lead, "dna", exhibit=good.evidence, lab_number="D-26-0118")
    make.verified(people, anew, by=people.marsh)
    assert stands(anew) == "counts"
    second = link(people, lead, "physical", by=people.raman, rests="yes", reference="D-26-0118")
    assert stands(anew) == "face"
    make.verified(people, second, by=people.marsh)
    assert (stands(anew), stands(second)) == ("counts", "face"), "its verifier found the other answer"


@pytest.mark.parametrize(
    ("child", "parent", "label"), [("document", "photo", "witness"), ("photo", "physical", "physical")]
)
def test_what_words_were_taken_from_rests_on_the_face_with_them_whatever_its_kind(people, lead, child, parent, label):
    file = scene("JPEG", name="coffee.png")
    original = picture(people, file, parent)
    made = add_derivative(original=original, actor=people.okafor, title="Made of it", derivation="Typed from it", kind=child,
                          file=scene("JPEG", name="cell.png") if child == "photo" else b"I saw him", file_name="a")  # fmt: skip
    make.verified(people, link(people, lead, label, exhibit=made, reference="A-1"), rests_on_face="yes")
    item = link(people, lead, "physical", exhibit=original, reference="A-2")
    make.verified(people, item, by=people.marsh)
    assert stands(item) == "face"


def test_a_captain_who_rejected_the_same_witness_for_another_man_had_a_part(people, lead):
    other = make.made_lead(people)
    make.verified(people, link(people, lead, "witness", witness="Peter Lund"))

    def has_a_part() -> bool:
        with connection.cursor() as cursor:
            return cursor.execute(f"SELECT {had_a_part(str(people.marsh.pk), str(lead.pk))}").fetchone()[0]

    make.verified(people, link(people, other, "witness", witness="Anna Berg"), by=people.marsh, verified=False)
    assert not has_a_part()
    make.verified(people, link(people, other, "witness", witness="P. Lund, clerk"), by=people.marsh, verified=False)
    assert has_a_part()


def test_the_row_of_an_object_entered_again_lay_there_before(people, lead):
    """An object without a file that was linked to nothing is told from no other of its kind; by its number it is."""
    make.exhibit(people, kind="physical", title="Jacket")
    ended = timezone.now()
    again, glove = (make.exhibit(people, kind="physical", title=title) for title in ("Blue coat", "Glove"))
    report = make.exhibit(people, kind="dna", title="Report")

    def lay(exhibit) -> bool:
        with connection.cursor() as cursor:
            return cursor.execute("SELECT public.ecpd_lay_there(%s, %s)", [exhibit.pk, ended]).fetchone()[0]

    assert (lay(again), lay(glove), lay(report)) == (True, True, False)
    photo = picture(people, scene("JPEG", name="coffee.png"), "physical")
    assert not lay(photo)
    first = lead.case.evidence.get(title="Jacket")
    link(people, lead, "physical", exhibit=first, reference="Tag 11")
    assert not lay(glove), "told apart by the number of the other"


def denied_by_marsh(people, lead) -> None:
    make.verified(people, link(people, lead, "fingerprint", lab_number="FP-78"))
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    application = warrant.apply_for_warrant(lead=lead, actor=people.okafor, statement="The lift is his.",
                                            does_not_fit="Nothing that we know of.")  # fmt: skip
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=False, read_packet=True,
                   reasons="The lift is of another drawer.")  # fmt: skip
    settle()
    lead.refresh_from_db()


def test_what_lay_there_frees_no_denied_face_once_its_row_is_entered_again(people, lead):
    """A picture of it, which nobody had then, is something new."""
    make.exhibit(people, kind="physical", title="Jacket")
    denied_by_marsh(people, lead)
    again = make.exhibit(people, kind="physical", title="Blue coat")
    new = picture(people, scene("JPEG", name="coffee.png"), "physical")
    for exhibit, bound in ((again, True), (new, False)):
        item = link(people, lead, "physical", exhibit=exhibit, reference=f"T-{exhibit.pk}", found_at=exhibit.label)
        make.verified(people, item)
        assert is_bound(lead) == bound, exhibit.title
