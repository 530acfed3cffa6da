"""Searches and candidates through the API: the same rules as on the page, refused by name."""

import pytest

from ecpd.policy.models import Decision
from leads.models import SearchRequest
from tests.api.conftest import is_problem, rules_of
from tests.factories.leads import FACTS, candidate, drawn, examined, exhibit, faces_found, put_on_the_case, requested
from tests.factories.leads import quality as measured

WEAK = {
    "name": "eye_distance",
    "words": "Eye distance",
    "value": 14,
    "limit": 32,
    "shown": "14 px",
    "needed": "32 px",
    "verdict": "not_enough",
}


@pytest.fixture
def answers(people):
    """A request for a search of a face that the engine found; keywords override, `weak` is a poor picture."""

    def fill(*, weak: bool = False, **changes) -> dict:
        probe = exhibit(people)
        quality = {"passed": False, "measures": [WEAK]} if weak else measured()
        face = {"ordinal": 0, "letter": "A", "box": [0, 0, 80, 80], "landmarks": [], "score": 1.0, "quality": quality}
        faces_found(probe, [face])
        return {"case": people.case.case_number, "probe": probe.number, "face": 0, "purpose": "suspect",
                "offense": "120", "facts": FACTS, "no_forbidden_ground": True} | changes  # fmt: skip

    return fill


def test_a_search_is_requested_and_waits_for_a_worker(api, people, answers):
    response = api(people.okafor).post("/api/searches/", answers(), format="json")
    told = response.json()
    assert (response.status_code, told["state"], told["face"], told["purpose"]) == (201, "queued", "A", "suspect")
    assert told["decision"] == Decision.objects.get(action="search.request").pk
    assert SearchRequest.objects.get().number == told["number"]


@pytest.mark.parametrize(
    ("who", "changes", "rule"),
    [("marsh", {}, "FR-01"), ("okafor", {"facts": "Robbery."}, "FR-02"), ("okafor", {"offense": None}, "FR-02"),
     ("okafor", {"offense": "90Z"}, "FR-02"), ("okafor", {"no_forbidden_ground": False}, "FR-02"),
     ("okafor", {"weak": True}, "FR-04"), ("auditor", {}, "AC-08")],
)  # fmt: skip
def test_a_search_that_breaks_a_rule_is_refused_by_name_on_the_record(api, people, answers, who, changes, rule):
    actor = getattr(people, who)
    response = api(actor).post("/api/searches/", answers(**changes), format="json")
    problem = response.json()
    assert is_problem(response, 403, "policy_denied")
    assert rule in rules_of(problem)
    assert all(verdict["remedy"] for verdict in problem["verdicts"] if verdict["outcome"] != "met")
    decision = Decision.objects.get(pk=problem["decision"])
    assert (decision.actor, decision.action, decision.outcome) == (actor, "search.request", "denied")
    assert not SearchRequest.objects.exists()


def test_fr_04_a_poor_picture_is_searched_with_a_written_justification(api, people, answers):
    words = "The only picture there is, and the person is at risk tonight."
    told = api(people.okafor).post("/api/searches/", answers(weak=True, justification=words), format="json").json()
    assert told["justification"] == words
    assert told["quality"]["passed"] is False


@pytest.mark.parametrize("changes", [{"face": 7}, {"face": -1}, {"probe": 0}, {"purpose": "curious"}, {"facts": ""},
                                     {"offense": "zzz"}, {"no_forbidden_ground": None}])  # fmt: skip
def test_a_request_with_wrong_answers_becomes_no_search(api, people, answers, changes):
    assert is_problem(api(people.okafor).post("/api/searches/", answers(**changes), format="json"), 400, "invalid")
    assert not SearchRequest.objects.exists()


def test_a_picture_on_which_nobody_looked_for_faces_is_not_searched(api, people, answers):
    unseen = exhibit(people)
    response = api(people.okafor).post("/api/searches/", answers(probe=unseen.number), format="json")
    assert is_problem(response, 400, "invalid")
    assert "not found yet" in response.json()["detail"]


def test_an_exhibit_of_another_case_is_no_probe(api, people, answers):
    assert is_problem(api(people.okafor).post("/api/searches/", answers(probe=99), format="json"), 404, "not_found")


def test_a_search_is_cancelled_once(api, people):
    search = requested(people)
    client = api(people.okafor)
    assert client.post(f"/api/searches/{search.number}/cancel/").json()["state"] == "cancelled"
    assert is_problem(client.post(f"/api/searches/{search.number}/cancel/"), 409, "wrong_state")


def test_the_auditor_cancels_no_search(api, people):
    search = requested(people)
    response = api(people.auditor).post(f"/api/searches/{search.number}/cancel/")
    assert "AC-08" in rules_of(response.json())
    search.refresh_from_db()
    assert search.state == "queued"


def test_a_search_tells_its_result_and_its_candidates_in_order(api, people):
    search = requested(people)
    candidate(people, search=requested(people))
    best = candidate(people, search=search, score=97.68)
    client = api(people.auditor)
    told = client.get(f"/api/searches/{search.number}/").json()
    listed = client.get(f"/api/searches/{search.number}/candidates/").json()
    assert (told["state"], told["gallery_size"], told["threshold"]) == ("done", 2, 95.0)
    assert [(row["id"], row["rank"], row["match_score"]) for row in listed] == [(best.pk, 1, 97.6)]
    assert client.get(f"/api/candidates/{best.pk}/").json() == listed[0]
    assert Decision.objects.filter(actor=people.auditor, action="search.view", outcome="allowed").count() == 3


def test_no_template_of_a_face_leaves_through_the_api(api, people, chain):
    for address in (f"/api/searches/{chain.search.number}/", f"/api/candidates/{chain.candidate.pk}/"):
        assert "embedding" not in api(people.okafor).get(address).content.decode()


def test_searches_are_listed_newest_first_and_by_case(api, people):
    one, two = requested(people), requested(people)
    client = api(people.okafor)
    assert [row["number"] for row in client.get("/api/searches/").json()["results"]] == [two.number, one.number]
    assert client.get("/api/searches/", {"case": "26-999999"}).json()["count"] == 0


def test_fr_08_who_is_asked_for_a_blind_examination_sees_no_result(api, people):
    found = candidate(people)
    examined(found, people.okafor, 1)
    drawn(found, people.aldana)
    for address in (f"/api/candidates/{found.pk}/", f"/api/searches/{found.search.number}/candidates/"):
        assert api(people.aldana).get(address).status_code == 404
        assert "FR-08" in {verdict["rule_id"] for verdict in Decision.objects.first().verdicts if verdict["remedy"]}
    assert Decision.objects.filter(actor=people.aldana, outcome="denied").count() == 2


def test_fr_08_also_when_she_works_on_the_case(api, people):
    found = candidate(people)
    examined(found, people.okafor, 1)
    drawn(found, people.aldana)
    put_on_the_case(people, people.aldana)
    response = api(people.aldana).get(f"/api/searches/{found.search.number}/candidates/")
    assert is_problem(response, 403, "policy_denied")
    assert rules_of(response.json()) == {"FR-08"}


def test_a_page_of_searches_costs_few_queries_however_many_there_are(api, people, django_assert_max_num_queries):
    for _ in range(8):
        requested(people)
    client = api(people.okafor)
    with django_assert_max_num_queries(10):
        assert client.get("/api/searches/").json()["count"] == 8


def test_all_times_of_an_answer_are_in_one_zone(api, people, answers):
    told = api(people.okafor).post("/api/searches/", answers(), format="json").json()
    assert told["stage_times"].keys() == {"queued"}
    assert told["stage_times"]["queued"][-6:] == told["requested_at"][-6:]
    assert told["stage_times"]["queued"][:16] == told["requested_at"][:16]
