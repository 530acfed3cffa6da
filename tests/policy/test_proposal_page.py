"""The page that proposes a change: a number stays as it was typed, and what is wrong stands beside its answer."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from ecpd.policy import services
from ecpd.policy.models import Amendment
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASON = "Three leads between 95 and 97 turned out to be wrong."


@pytest.fixture
def send(client, captain):
    """Sends the form of a setting; returns the answer."""
    sign_in(client, captain)

    def sent(name: str, value, **answers):
        given = {"value": value, "reason": REASON, "effective_on": f"{timezone.localdate()}"} | answers
        return client.post(f"/policy/amendments/new/?name={name}", given)

    return sent


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [("match_score_min", "96", "96"), ("match_score_min", "96.5", "96.5"), ("match_score_min", "97.0", "97"),
     ("quality_sharpness_min", "1", "1"), ("quality_sharpness_min", "0.25", "0.25"), ("warrant_approvers", "2", "2")],
)  # fmt: skip
def test_a_number_is_kept_and_shown_as_people_write_it(send, client, name, typed, kept):
    page = client.get(send(name, typed)["Location"]).content.decode()
    assert json.dumps(Amendment.objects.get().changes) == json.dumps({name: json.loads(kept)})
    assert f'data-label="Proposed">{kept}</td>' in page


def test_a_number_that_was_kept_with_a_point_is_offered_without(client, captain, chief):
    kept = services.propose_amendment(
        actor=captain, changes={"match_score_min": 96.0}, reason=REASON, effective_on=timezone.localdate()
    )
    services.approve_amendment(amendment=kept, actor=chief, reason="The figures convince me.")
    sign_in(client, captain)
    assert 'value="96"' in client.get("/policy/amendments/new/?name=match_score_min").content.decode()
    for address in (f"/policy/amendments/{kept.pk}/", "/policy/amendments/", "/policy/", "/policy/compare/"):
        assert "96.0" not in client.get(address).content.decode(), address


@pytest.mark.parametrize(
    ("value", "answers", "field", "words"),
    [
        ("95", {}, "value", "is 95 already"),
        ("101", {}, "value", "from 50 to 100"),
        ("", {}, "value", "Least match score of a lead"),
        ("97", {"effective_on": "2020-01-01"}, "effective_on", "in the past"),
        ("97", {"reason": "Because."}, "reason", "20 characters"),
        ("90", {"effective_on": f"{timezone.localdate() + timedelta(days=30)}"}, "council_item", "name the council"),
        ("90", {"council_item": "Item 7.C"}, "effective_on", "or later"),
    ],
)
def test_what_is_wrong_stands_beside_its_answer_and_nothing_typed_is_lost(send, value, answers, field, words):
    answer = send("match_score_min", value, **answers)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert words in answer.context["form"].errors[field][0]
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert REASON in answer.content.decode() or "Because." in answer.content.decode()
    assert not Amendment.objects.exists()


def test_a_hasty_loosening_says_all_that_it_lacks_at_once(send):
    form = send("match_score_min", "90").context["form"]
    assert set(form.errors) == {"council_item", "effective_on"}
