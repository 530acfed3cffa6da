"""What would keep a captain from deciding is told before it is done, and is not offered (FR-13)."""

import pytest

from leads.costs import to_a_captain
from leads.selectors.warrant import people_with_a_part_in
from leads.services import exculpatory
from leads.services import lead as leads
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
OTHER = "Another captain decides if you"
ON_THAT_LEAD = "Then another captain decides on that lead."


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def lead(people):
    return make.made_lead(people)


def text_of(client, person, address: str) -> str:
    sign_in(client, person)
    return client.get(address).content.decode()


def test_a_captain_is_not_offered_to_verify_and_a_detective_is(client, people, lead):
    item = make.linked(people, lead)
    assert f"Verify {item}" not in text_of(client, people.marsh, "/")
    assert f"Verify {item}" in text_of(client, people.raman, "/")
    assert OTHER in text_of(client, people.marsh, lead.get_absolute_url())
    assert OTHER not in text_of(client, people.raman, lead.get_absolute_url())


def test_the_case_page_lists_what_would_cost_the_decision_before_it_is_done(client, people, lead):
    page = text_of(client, people.marsh, people.case.get_absolute_url())
    assert "What would keep you from deciding" in page
    assert f"Then another captain decides on lead {lead.number}." in page
    for act in ("Add evidence", "Withdraw evidence", "Verify linked evidence", "Enter what speaks against a lead"):
        assert f"<li>{act}</li>" in page, act
    assert "keep you from deciding" not in text_of(client, people.okafor, people.case.get_absolute_url())


@pytest.mark.parametrize(
    "address", ["{case}evidence/new/", "{lead}items/{item}/verify/", "{lead}against/", "{case}people/merge/"]
)
def test_each_form_says_so_too_to_captains_alone(client, people, lead, address):
    item = make.linked(people, lead)
    at = address.format(case=people.case.get_absolute_url(), lead=lead.get_absolute_url(), item=item.pk)
    assert "another captain decides" in text_of(client, people.marsh, at)
    assert "another captain decides" not in text_of(client, people.raman, at)


def test_what_is_said_to_cost_the_decision_does(people, lead):
    """The words are true: who did it has a part in the lead."""
    make.verified(people, make.linked(people, lead), by=people.marsh)
    assert people_with_a_part_in(lead)[people.marsh.pk] == {"verified evidence"}
    exculpatory.enter(lead=lead, actor=people.marsh, kind="alibi", what="Seen in Oakland that night.")
    assert "entered what points away" in people_with_a_part_in(lead)[people.marsh.pk]


def test_nothing_costs_anything_where_no_lead_is_left_to_decide_on(client, people, lead):
    assert to_a_captain(people.case, people.marsh)["corroboration.verify"] == ON_THAT_LEAD
    leads.clear(lead=lead, actor=people.okafor, reason="He was in the hospital that night.")
    assert to_a_captain(people.case, people.marsh) == {}
    assert "keep you from deciding" not in text_of(client, people.marsh, people.case.get_absolute_url())


def test_a_lead_in_another_case_of_the_matter_is_told_without_its_number(people, lead):
    from cases.services.case import open_case

    other = open_case(actor=people.okafor, title="Another till", offense=people.case.offense, captain=people.marsh,
                      incident_number=people.case.incident_numbers.get().number)  # fmt: skip
    costs = to_a_captain(other, people.marsh)
    assert costs["evidence.add"] == "Then another captain decides on leads in other cases of this matter."
    assert "corroboration.verify" not in costs
