"""Cases through the API: who sees which, what opening one leaves on the record, what cannot be opened."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cases import access
from cases.models import Case
from cases.services.case import set_sealed
from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from tests.api.conftest import is_problem, rules_of
from tests.factories.cases import CaseFactory, opened
from tests.factories.leads import allowed
from tests.factories.people import make_user

NEW = {"title": "Burglary on Pine Street", "offense": "220", "location": "Pine Street"}
REASON = "The victim is a minor."


def numbers(response) -> set[str]:
    """The case numbers of a list."""
    return {row["case_number"] for row in response.json()["results"]}


def hours_ago(hours: float) -> str:
    """A moment, as JSON has it."""
    return (timezone.now() - timedelta(hours=hours)).isoformat()


def test_an_investigator_lists_the_cases_of_his_own(api, people):
    opened(people.aldana)
    assert numbers(api(people.okafor).get("/api/cases/")) == {people.case.case_number}


def test_a_captain_and_the_auditor_list_every_case(api, people):
    other = opened(people.aldana)
    for reader in (people.marsh, people.chief, people.auditor):
        assert numbers(api(reader).get("/api/cases/")) == {people.case.case_number, other.case_number}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARKING_OFFICER])
def test_ac_08_a_role_that_reads_no_cases_is_refused_on_the_record(api, people, role):
    stranger = make_user(role)
    response = api(stranger).get("/api/cases/")
    assert is_problem(response, 403, "policy_denied")
    assert rules_of(response.json()) == {"AC-08"}
    assert "investigator" in response.json()["verdicts"][0]["remedy"]
    assert Decision.objects.exclude(action="token.make").get(actor=stranger).pk == response.json()["decision"]


@pytest.mark.parametrize("words", ["marlow", "MARLOW MARKET", "%", "a\x00b", "'; --", "🙂", "x" * 5000])
def test_any_words_can_be_looked_for(api, people, words):
    found = numbers(api(people.okafor).get("/api/cases/", {"q": words}))
    assert found == ({people.case.case_number} if words.lower().startswith("marlow") else set())


def test_a_case_is_opened_and_its_opener_leads_it(api, people):
    response = api(people.okafor).post("/api/cases/", NEW | {"occurred_at": hours_ago(5)}, format="json")
    case = Case.objects.get(case_number=response.json()["case_number"])
    assert response.status_code == 201
    assert (case.title, case.opened_by, case.status) == (NEW["title"], people.okafor, "open")
    assert access.can(people.okafor, case, "manage")
    newest = Decision.objects.latest("pk")
    assert (newest.action, newest.actor, newest.outcome) == ("case.create", people.okafor, "allowed")


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"title": "a\x07b"}, {"title": "x" * 201}, {"title": None}, {"offense": "nothing"}, {"offense": 7},
     {"offense": "a\x00"}, {"occurred_at": "yesterday"}, {"occurred_at": "9999-12-31T23:59:59-08:00"},
     {"occurred_at": "0409-08-09T12:33:00Z"},
     {"occurred_until": "2025-11-04T20:00:00Z"}],
)  # fmt: skip
def test_a_case_with_wrong_facts_is_not_opened(api, people, wrong):
    before = Case.objects.count()
    response = api(people.okafor).post("/api/cases/", NEW | wrong, format="json")
    assert is_problem(response, 400, "invalid")
    assert response.json()["errors"]
    assert Case.objects.count() == before


def test_a_case_happened_neither_in_the_future_nor_backwards(api, people):
    post = api(people.okafor).post
    for times in ({"occurred_at": hours_ago(-1)}, {"occurred_at": hours_ago(3), "occurred_until": hours_ago(4)}):
        assert is_problem(post("/api/cases/", NEW | times, format="json"), 400, "invalid")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'"text"', b"[]", b"null", b'{"title": "\\ud800"}',
                                  b"[" * 100_000, b'{"title": NaN}', b'{"offense": ["\\udfff"]}'])  # fmt: skip
def test_a_body_that_is_no_case_is_refused(api, people, body):
    response = api(people.okafor).post("/api/cases/", body, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_the_auditor_opens_no_case(api, people):
    response = api(people.auditor).post("/api/cases/", NEW, format="json")
    assert is_problem(response, 403, "policy_denied")
    assert rules_of(response.json()) == {"AC-08"}
    assert Decision.objects.get(pk=response.json()["decision"]).outcome == "denied"


def test_opening_a_case_is_on_the_record(api, people):
    response = api(people.raman).get(f"/api/cases/{people.case.case_number}/")
    assert response.json()["title"] == people.case.title
    assert Decision.objects.get(actor=people.raman, action="case.view").outcome == "allowed"


def test_a_case_of_others_does_not_exist_and_the_attempt_is_kept(api, people):
    hidden = api(people.aldana).get(f"/api/cases/{people.case.case_number}/")
    assert is_problem(hidden, 404, "not_found")
    assert Decision.objects.get(actor=people.aldana, action="case.view").outcome == "denied"


def test_a_hidden_case_and_none_at_all_are_told_apart_by_nothing(api, people):
    hidden = api(people.aldana).get(f"/api/cases/{people.case.case_number}/")
    none = api(people.aldana).get("/api/cases/99-999999/")
    assert hidden.json() == none.json()
    assert Decision.objects.filter(actor=people.aldana).exclude(action="token.make").count() == 1


def test_ac_04_a_sealed_case_exists_for_those_named_on_it_and_the_auditor_only(api, people, chain):
    set_sealed(case=people.case, sealed=True, actor=people.marsh, reason=REASON)
    rows = [f"/api/cases/{people.case.case_number}/", f"/api/evidence/{chain.search.probe_id}/",
            f"/api/searches/{chain.search.number}/", f"/api/searches/{chain.search.number}/candidates/",
            f"/api/candidates/{chain.candidate.pk}/", f"/api/leads/{chain.lead.number}/",
            f"/api/applications/{chain.application.number}/"]  # fmt: skip
    unnamed = (people.chief, make_user(Role.CAPTAIN), make_user(Role.INVESTIGATOR))
    for reader in (people.okafor, people.marsh, people.auditor):
        assert {api(reader).get(row).status_code for row in rows} == {200}
    for reader in unnamed:
        assert {api(reader).get(row).status_code for row in rows} == {404}
        assert Decision.objects.filter(actor=reader, outcome="denied").count() == len(rows)
        for name in ("cases", "evidence", "searches", "leads", "applications"):
            assert api(reader).get(f"/api/{name}/").json()["count"] == 0


@pytest.fixture
def many(people):
    """Sixty more cases of the investigator."""
    made = CaseFactory.build_batch(60, opened_by=people.okafor)
    for case in made:
        with transaction.atomic():
            allowed(people.okafor, "case.create", subject_type="cases.case")
            case.save()
    access.assign_perm("cases.view_case", people.okafor, Case.objects.filter(pk__in=[case.pk for case in made]))


def test_a_list_comes_in_pages_of_fifty_that_name_the_next(api, people, many):
    client = api(people.okafor)
    first = client.get("/api/cases/").json()
    last = client.get(first["next"]).json()
    assert (first["count"], len(first["results"]), len(last["results"])) == (61, 50, 11)
    assert first["previous"] is None and last["next"] is None
    assert len({row["case_number"] for row in first["results"] + last["results"]}) == 61


@pytest.mark.parametrize("page", ["3", "0", "-1", "x", "1" * 30])
def test_a_page_that_is_not_there_is_said_so(api, people, many, page):
    assert is_problem(api(people.okafor).get("/api/cases/", {"page": page}), 404, "not_found")


def test_a_page_of_cases_costs_few_queries_however_many_there_are(api, people, many, django_assert_max_num_queries):
    client = api(people.okafor)
    with django_assert_max_num_queries(8):
        client.get("/api/cases/")
