"""FR-14: the packet says how cases came to be one matter: numbers and links, who entered them, and what was taken back."""

import pytest
from django.urls import reverse

from cases.services import matter
from cases.services.case import open_case, set_sealed
from leads.packet.content import PacketNow
from leads.packet.matter import TIES
from leads.packet.section import Section
from leads.selectors.came_in import came_in_since
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
WHY = "The same cap, the same night"
NUMBER = "26-014233"  # of the agency's case


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def application(people):
    """An application that waits for its captain."""
    return make.applied_for(people)


@pytest.fixture
def other(people):
    """Another case, of another detective."""
    return open_case(actor=people.aldana, title="Another robbery", offense=people.case.offense, captain=people.marsh)


def part(application) -> Section:
    """The packet's part about the matter, as it is now."""
    return next(one for one in PacketNow(application).sections if one.heading == TIES)


def test_a_case_that_is_tied_to_none_says_so(people, application):
    said = part(application)
    assert "No other case is one matter with it." in said.paragraphs[0]
    [row] = said.rows
    assert row[0] == f"Dispatch {NUMBER}, of case {people.case.case_number}" and row[1] == "No other case"
    assert row[2].startswith(people.okafor.display_name) and row[3] == "In use"


def test_numbers_and_links_are_printed_with_who_entered_them(people, application, other):
    matter.link(case=people.case, other=other, actor=people.marsh, why=WHY)
    matter.enter_number(case=other, actor=people.aldana, number=NUMBER, system="records")
    said = part(application)
    assert f"One matter: {people.case.case_number}, {other.case_number}." in said.paragraphs[0]
    told = {row[0]: row for row in said.rows}
    assert told[f"Records {NUMBER}, of case {other.case_number}"][1] == people.case.case_number
    assert told[f"Dispatch {NUMBER}, of case {people.case.case_number}"][1] == other.case_number
    link = told[f"A link: {WHY}"]
    assert link[1] == f"{people.case.case_number} and {other.case_number}" and people.marsh.display_name in link[2]


def test_what_was_taken_back_is_printed_with_who_and_why(people, application, other):
    tie = matter.link(case=people.case, other=other, actor=people.marsh, why=WHY)
    matter.take_back(tie=tie, actor=people.marsh, reason="Another cap, another night.")
    said = part(application)
    assert other.case_number not in said.paragraphs[0]
    stands = next(row[3] for row in said.rows if row[0] == f"A link: {WHY}")
    assert stands.startswith(f"Taken back by {people.marsh.display_name}")
    assert stands.endswith("Another cap, another night.")


def test_what_was_taken_back_and_still_ties_is_printed_as_tying(people, application, other):
    """It cannot be taken from a case in which something was found: what was known stays."""
    make.exhibit(make.Agency(**{**people.__dict__, "case": other, "okafor": people.aldana}))
    number = matter.enter_number(case=other, actor=people.aldana, number=NUMBER, system="records")
    link = matter.link(case=people.case, other=other, actor=people.marsh, why=WHY)
    for tie in (number, link):
        matter.take_back(tie=tie, actor=people.marsh, reason="Another cap, another night.")
    said = part(application)
    assert f"One matter: {people.case.case_number}, {other.case_number}." in said.paragraphs[0]
    assert "still ties" in said.paragraphs[0] and "no longer" not in said.paragraphs[0]
    told = {row[0]: row for row in said.rows}
    assert told[f"Records {NUMBER}, of case {other.case_number}"][1] == people.case.case_number
    assert told[f"Dispatch {NUMBER}, of case {people.case.case_number}"][1] == other.case_number
    for what in (f"Records {NUMBER}, of case {other.case_number}", f"A link: {WHY}"):
        assert "what was known stays, and it still ties: Another cap" in told[what][3]


def test_of_a_sealed_case_only_that_it_is_one(people, application, other):
    matter.link(case=other, other=people.case, actor=people.marsh, why=WHY)
    matter.enter_number(case=other, actor=people.aldana, number="26-030303", system="records")
    set_sealed(case=other, sealed=True, actor=people.marsh, reason="A witness is at risk.")
    said = part(application)
    everything = " ".join([*said.paragraphs, *(cell for row in said.rows for cell in row)])
    assert WHY not in everything and other.case_number not in everything and "26-030303" not in everything
    assert people.aldana.display_name not in everything
    assert (
        "A sealed case holds something" in everything and f"a sealed case and {people.case.case_number}" in everything
    )


def test_the_words_of_a_link_are_of_the_case_that_it_was_entered_in(people, application, other):
    matter.link(case=people.case, other=other, actor=people.marsh, why=WHY)
    set_sealed(case=other, sealed=True, actor=people.marsh, reason="A witness is at risk.")
    link = next(row for row in part(application).rows if WHY in row[0])
    assert link[1] == f"{people.case.case_number} and a sealed case"


def test_a_tie_makes_another_version_of_the_packet_and_is_told_to_who_opened_it(people, application, other):
    opened = make.opened(application, people.marsh)
    matter.link(case=people.case, other=other, actor=people.marsh, why=WHY)
    now = PacketNow(application).parts
    assert {heading for heading in now if now[heading] != opened.parts.get(heading)} >= {TIES}
    assert "which cases are one matter, by a link" in came_in_since(application.lead, opened.at)


def test_its_page_prints_it(client, people, application, other):
    matter.link(case=people.case, other=other, actor=people.marsh, why=WHY)
    sign_in(client, people.marsh)
    page = client.get(reverse("leads:application-packet", args=[application.number]))
    assert page.status_code == 200 and TIES in page.content.decode() and WHY in page.content.decode()
