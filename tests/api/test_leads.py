"""Leads and applications through the API; FR-09 in every answer that speaks of them."""

import pytest

from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from ecpd.policy.shown import token_of
from leads.models.lead import LEAD_ONLY
from leads.selectors.shown import of_lead
from leads.services import warrant
from tests.api.conftest import is_problem, rules_of
from tests.factories.leads import linked, made_lead, verified
from tests.factories.people import make_user


def mark(client, lead):
    """Ask for a lead to be marked for warrant, on what it shows now."""
    return client.post(f"/api/leads/{lead.number}/mark_for_warrant/", {"shown": token_of(of_lead(lead))}, format="json")


def test_a_lead_shows_what_speaks_for_and_against_it(api, people, chain):
    told = api(people.raman).get(f"/api/leads/{chain.lead.number}/").json()
    assert (told["case"], told["search"], told["rank"]) == (people.case.case_number, chain.search.number, 1)
    assert [(item["kind"], item["verified"]) for item in told["corroborations"]] == [("fingerprint", True)]
    assert told["person"].startswith("Possibly ")
    assert Decision.objects.get(actor=people.raman, action="lead.view").outcome == "allowed"


def test_fr_10_a_lead_without_corroboration_cannot_be_marked_through_the_api(api, people):
    lead = made_lead(people)
    response = mark(api(people.okafor), lead)
    problem = response.json()
    assert is_problem(response, 403, "policy_denied")
    assert rules_of(problem) == {"FR-10"}
    unmet = next(verdict for verdict in problem["verdicts"] if verdict["rule_id"] == "FR-10")
    assert unmet["sentence"] == "No independent evidence links this person."
    assert "have a colleague verify it" in unmet["remedy"]
    assert Decision.objects.get(pk=problem["decision"]).outcome == "denied"
    lead.refresh_from_db()
    assert lead.state == "open"


def test_a_corroborated_lead_is_marked_through_the_api(api, people):
    lead = made_lead(people)
    verified(people, linked(people, lead))
    assert mark(api(people.okafor), lead).json()["state"] == "marked"
    lead.refresh_from_db()
    assert is_problem(mark(api(people.okafor), lead), 409, "wrong_state")


@pytest.mark.parametrize(("who", "status"), [("aldana", 404), ("marsh", 403), ("auditor", 403)])
def test_nobody_else_marks_it(api, people, who, status):
    lead = made_lead(people)
    verified(people, linked(people, lead))
    assert mark(api(getattr(people, who)), lead).status_code == status
    lead.refresh_from_db()
    assert lead.state == "open"


def test_a_mark_rests_on_the_lead_as_it_was_read(api, people):
    lead = made_lead(people)
    verified(people, linked(people, lead))
    browser = api(people.okafor)
    address = f"/api/leads/{lead.number}/"
    before = browser.get(address).json()["shown"]
    assert browser.post(f"{address}mark_for_warrant/", {}, format="json").status_code == 400
    linked(people, lead)
    refused = browser.post(f"{address}mark_for_warrant/", {"shown": before}, format="json")
    assert is_problem(refused, 403, "policy_denied")
    assert "the evidence that is linked" in refused.json()["detail"]
    now = {"shown": browser.get(address).json()["shown"]}
    assert browser.post(f"{address}mark_for_warrant/", now, format="json").status_code == 200


def test_an_application_shows_its_decisions(api, people, chain):
    warrant.open_packet(application=chain.application, actor=people.marsh)
    warrant.decide(application=chain.application, actor=people.marsh, approve=False, read_packet=True,
                   reasons="The fingerprint was lifted from a public counter.")  # fmt: skip
    told = api(people.chief).get(f"/api/applications/{chain.application.number}/").json()
    assert (told["state"], told["lead"]) == ("denied", chain.lead.number)
    assert [(one["captain"], one["outcome"]) for one in told["decisions"]] == [(people.marsh.display_name, "deny")]


@pytest.mark.parametrize("name", ["searches", "leads", "applications"])
def test_ac_08_lists_are_refused_to_roles_that_read_none_of_it(api, people, name):
    response = api(make_user(Role.PARKING_OFFICER)).get(f"/api/{name}/")
    assert is_problem(response, 403, "policy_denied")
    assert rules_of(response.json()) == {"AC-08"}


def test_fr_09_every_answer_says_what_a_lead_is_and_is_not(api, people, chain):
    client = api(people.okafor)
    one = [f"/api/searches/{chain.search.number}/", f"/api/candidates/{chain.candidate.pk}/",
           f"/api/leads/{chain.lead.number}/", f"/api/applications/{chain.application.number}/"]  # fmt: skip
    assert [client.get(address).json()["notice"] for address in one] == [LEAD_ONLY] * 4
    for address in ("/api/searches/", "/api/leads/", "/api/applications/"):
        page = client.get(address).json()
        assert [page["notice"], page["results"][0]["notice"]] == [LEAD_ONLY] * 2
    listed = client.get(f"/api/searches/{chain.search.number}/candidates/").json()
    assert [row["notice"] for row in listed] == [LEAD_ONLY]


@pytest.mark.parametrize("name", ["searches", "leads", "applications"])
def test_fr_09_also_a_list_on_which_nothing_stands(api, people, name):
    page = api(people.aldana).get(f"/api/{name}/").json()
    assert (page["notice"], page["results"]) == (LEAD_ONLY, [])


def test_a_page_of_leads_costs_few_queries(api, people, chain, django_assert_max_num_queries):
    client = api(people.okafor)
    with django_assert_max_num_queries(12):
        client.get("/api/leads/")
