"""AC-04: a sealed case, and all that hangs on it, does not exist for who is not named on it; the auditor reads it."""

import pytest

from cases.selectors import cases_visible_to
from cases.services.case import assign, end_assignment, set_sealed
from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from leads.services import warrant
from tests.factories.leads import agency, marked_lead
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASON = "The victim is a minor."


@pytest.fixture
def people():
    """The agency; its captain, Marsh, and two investigators are named on the case."""
    return agency()


@pytest.fixture
def pages(people) -> list[str]:
    """A page of everything that stands in the case, which is sealed."""
    lead = marked_lead(people)
    application = warrant.apply_for_warrant(
        lead=lead, actor=people.okafor, statement="A fingerprint on the drawer.", does_not_fit="Nothing known."
    )
    set_sealed(case=people.case, sealed=True, actor=people.marsh, reason=REASON)
    search, candidate = lead.candidate.search, lead.candidate
    return [
        people.case.get_absolute_url(), f"{people.case.get_absolute_url()}evidence/", search.probe.get_absolute_url(),
        search.get_absolute_url(), f"{search.get_absolute_url()}print/", f"{search.get_absolute_url()}probe.jpg",
        candidate.get_absolute_url(), lead.get_absolute_url(), application.get_absolute_url(),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.CAPTAIN, Role.CHIEF])
def test_nothing_of_a_sealed_case_exists_for_who_is_not_named_on_it(client, people, pages, role):
    unnamed = make_user(role)
    sign_in(client, unnamed)
    told = {page: client.get(page) for page in pages}
    assert {page: response.status_code for page, response in told.items()} == dict.fromkeys(pages, 404)
    assert not any(people.case.title in response.content.decode() for response in told.values())
    assert not Decision.objects.filter(actor=unnamed, outcome="allowed").exists()


def test_a_look_at_a_sealed_search_is_on_the_record_though_the_answer_is_none(client, people, pages):
    unnamed = make_user(Role.CAPTAIN)
    sign_in(client, unnamed)
    client.get(pages[3])
    refused = Decision.objects.get(actor=unnamed)
    assert (refused.action, refused.outcome, refused.case_number) == ("search.view", "denied", people.case.case_number)
    assert "AC-04" in {verdict["rule_id"] for verdict in refused.verdicts if verdict["outcome"] != "met"}


@pytest.mark.parametrize("who", ["okafor", "raman", "marsh", "auditor"])
def test_those_named_on_it_and_the_auditor_open_every_page(client, people, pages, who):
    sign_in(client, getattr(people, who))
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_who_is_named_later_sees_it_and_who_leaves_it_sees_nothing_any_more(people, pages):
    newcomer = make_user(Role.INVESTIGATOR)
    assert people.case not in cases_visible_to(newcomer)
    assignment = assign(case=people.case, user=newcomer, actor=people.marsh)
    assert people.case in cases_visible_to(newcomer)
    end_assignment(assignment=assignment, actor=people.marsh)
    assert people.case not in cases_visible_to(newcomer)
