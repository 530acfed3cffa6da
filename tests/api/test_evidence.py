"""Evidence through the API: its file, its hash, its custody."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases import vault as stored
from cases.models import Evidence
from cases.services.case import set_status
from cases.services.evidence import add_derivative
from ecpd.policy.models import Decision
from tests.api.conftest import is_problem, rules_of
from tests.factories.cases import exhibit, opened, picture


@pytest.fixture
def answers(people):
    """A new exhibit as a form; keywords override, None leaves a field out."""

    def fill(**changes) -> dict:
        filled = {
            "case": people.case.case_number, "kind": "photo", "title": "Register camera", "origin": "Owner, by consent",
            "origin_kind": "business_camera", "obtained_at": (timezone.now() - timedelta(hours=1)).isoformat(),
            "file": SimpleUploadedFile("still.jpg", picture(), "image/jpeg"),
        } | changes  # fmt: skip
        return {name: value for name, value in filled.items() if value is not None}

    return fill


def test_an_exhibit_is_added_with_its_file_hash_and_custody(api, people, answers):
    response = api(people.okafor).post("/api/evidence/", answers())
    told, made = response.json(), Evidence.objects.get()
    assert response.status_code == 201
    assert told["sha256"] == hashlib.sha256(picture()).hexdigest() == made.file.sha256
    assert (told["label"], told["case"], told["file_name"]) == ("E-01", people.case.case_number, "still.jpg")
    assert [link["action"] for link in told["custody"]] == ["received"]
    assert told["custody"][0]["to_party"] == people.okafor.display_name
    assert stored.read(made.file) == picture()


def test_a_report_needs_no_file(api, people, answers):
    told = api(people.okafor).post("/api/evidence/", answers(kind="dna", file=None)).json()
    assert (told["sha256"], told["size"], told["file_name"]) == (None, None, "")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"file": SimpleUploadedFile("a.jpg", b"")}, "invalid"), ({"kind": "rumor"}, "invalid"),
     ({"title": "a\x00b"}, "invalid"), ({"origin": None}, "invalid"), ({"obtained_at": "soon"}, "invalid"),
     ({"obtained_at": "2999-01-01T00:00:00Z"}, "invalid"), ({"file": "not a file"}, "invalid")],
)  # fmt: skip
def test_an_exhibit_with_wrong_facts_is_not_added(api, people, answers, changes, code):
    assert is_problem(api(people.okafor).post("/api/evidence/", answers(**changes)), 400, code)
    assert not Evidence.objects.exists()


def test_a_file_that_is_too_large_is_refused_by_name(api, people, answers, settings):
    settings.EVIDENCE_MAX_BYTES = 100
    assert is_problem(api(people.okafor).post("/api/evidence/", answers()), 400, "file_refused")


def test_json_brings_no_file(api, people, answers):
    response = api(people.okafor).post("/api/evidence/", answers(file=None), format="json")
    assert is_problem(response, 415, "unsupported_media_type")


def test_nobody_adds_to_a_case_he_does_not_see(api, people, answers):
    assert is_problem(api(people.aldana).post("/api/evidence/", answers()), 404, "not_found")
    assert Decision.objects.exclude(action="token.make").get(actor=people.aldana).outcome == "denied"
    assert not Evidence.objects.exists()


def test_the_auditor_reads_and_adds_nothing(api, people, answers):
    made = exhibit(people.case, people.okafor)
    assert api(people.auditor).get(f"/api/evidence/{made.pk}/").json()["label"] == "E-01"
    response = api(people.auditor).post("/api/evidence/", answers())
    assert is_problem(response, 403, "policy_denied")
    assert rules_of(response.json()) == {"AC-08", "AC-09"}
    assert Evidence.objects.count() == 1


def test_a_closed_case_takes_nothing_and_the_answer_says_what_to_do(api, people, answers):
    set_status(case=people.case, status="closed", actor=people.marsh, reason="Arrest made and charged.")
    problem = api(people.okafor).post("/api/evidence/", answers()).json()
    closed = next(verdict for verdict in problem["verdicts"] if verdict["outcome"] == "unmet")
    assert (closed["rule_id"], closed["remedy"]) == ("AC-09", "Reopen it first.")
    assert f"{people.case} is closed. (AC-09)" in problem["detail"]


def test_an_exhibit_shows_where_it_was_and_what_it_was_made_of(api, people):
    original = exhibit(people.case, people.okafor)
    edit = add_derivative(original=original, actor=people.okafor, title="Crop", derivation="Cropped to the face.",
                          file=picture(size=(9, 9)))  # fmt: skip
    told = api(people.raman).get(f"/api/evidence/{edit.pk}/").json()
    assert (told["derived_from"], told["derivation"]) == ("E-01", "Cropped to the face.")
    assert Decision.objects.get(actor=people.raman, action="case.view").outcome == "allowed"


def test_the_list_is_of_one_case_when_it_is_named(api, people):
    one, other = exhibit(people.case, people.okafor), exhibit(opened(people.okafor), people.okafor)
    client = api(people.okafor)
    assert {row["id"] for row in client.get("/api/evidence/").json()["results"]} == {one.pk, other.pk}
    of_one = client.get("/api/evidence/", {"case": people.case.case_number}).json()["results"]
    assert [row["id"] for row in of_one] == [one.pk]
    assert client.get("/api/evidence/", {"case": "no\x00case"}).json()["count"] == 0


def test_a_page_of_exhibits_costs_few_queries_however_many_there_are(api, people, django_assert_max_num_queries):
    for _ in range(12):
        exhibit(people.case, people.okafor)
    client = api(people.okafor)
    with django_assert_max_num_queries(10):
        assert client.get("/api/evidence/").json()["count"] == 12
