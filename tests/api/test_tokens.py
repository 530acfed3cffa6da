"""API tokens: hashed, expiring, scoped, made and revoked on the record, and no more than so many requests a minute."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import get_resolver, reverse
from django.utils import timezone
from rest_framework.parsers import MultiPartParser
from rest_framework.test import APIClient

from ecpd.accounts import rehearsal
from ecpd.accounts.api_tokens import hashed, make_token, revoke_token
from ecpd.accounts.models import ApiToken
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from tests.api.conftest import is_problem, rules_of
from tests.signing_in import sign_in

NEW_CASE = {"title": "Burglary on Pine Street", "offense": "220"}
PAGE = reverse("account_tokens")


def client_of(owner, **facts) -> APIClient:
    """A client with a new token."""
    client = APIClient()
    rehearsal.app_of(owner)  # without a second factor no token opens anything
    _, key = make_token(**{"owner": owner, "name": "Records", "scope": "all", "days": 30} | facts)
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def refused(sentence: str, **changes) -> None:
    """The database refuses this change of the token."""
    with pytest.raises(IntegrityError, match=f"AC-01: {sentence}") as error, transaction.atomic():
        ApiToken.objects.update(**changes)
    assert error.value.__cause__.sqlstate == "23514"


def test_the_key_is_shown_once_and_kept_as_a_hash(client, people):
    sign_in(client, people.okafor)
    made = client.post(PAGE, {"name": "Records", "scope": "read", "days": "30"})
    key, token = made.context["key"], ApiToken.objects.get()
    assert key in made.content.decode()
    assert key not in client.get(PAGE).content.decode()
    assert token.key_hash == hashed(key)
    assert key not in str(ApiToken.objects.values())
    assert Decision.objects.get(action="token.make").outcome == "allowed"


def test_a_reading_token_writes_nothing(people):
    client = client_of(people.okafor, scope="read")
    assert client.get("/api/cases/").status_code == 200
    refusal = client.post("/api/cases/", NEW_CASE, format="json")
    assert is_problem(refusal, 403, "policy_denied")
    assert rules_of(refusal.json()) == {"AC-08"}


def test_a_token_of_named_actions_opens_those_only(people):
    client = client_of(people.okafor, scope="actions", actions=["case.create"])
    assert client.post("/api/cases/", NEW_CASE, format="json").status_code == 201
    assert client.get("/api/searches/").status_code == 403


def test_no_token_names_what_the_role_does_not_open_or_what_is_for_own_hands(people):
    for action in ("warrant.approve", "token.make"):
        with pytest.raises(ValidationError, match="Your role does not open"):
            make_token(owner=people.okafor, name="Records", scope="actions", days=1, actions=[action])
    with pytest.raises(ValidationError, match="Name at least one"):
        make_token(owner=people.okafor, name="Records", scope="actions", days=1)
    assert "token.make" not in make_token(owner=people.okafor, name="All", scope="all", days=1)[0].opens


def test_an_expired_token_opens_nothing(people, moved_to):
    client = client_of(people.okafor, days=1)
    with moved_to(timezone.now() + timedelta(days=1, minutes=1)):
        assert is_problem(client.get("/api/cases/"), 401, "authentication_failed")
    assert client.get("/api/cases/").status_code == 200


@pytest.mark.parametrize("days", [0, 366])
def test_no_token_is_for_ever(people, days):
    with pytest.raises(ValidationError, match="from 1 to 365 days"):
        make_token(owner=people.okafor, name="Records", scope="read", days=days)


def test_its_owner_and_an_administrator_revoke_it_nobody_else(client, people):
    token, _ = make_token(owner=people.okafor, name="Records", scope="read", days=1)
    with pytest.raises(PolicyDenied):
        revoke_token(token=token, actor=people.aldana)
    sign_in(client, people.aldana)
    assert client.post(reverse("account_token_revoke", args=[token.pk])).status_code == 404
    sign_in(client, people.administrator)
    assert client.post(reverse("account_token_revoke", args=[token.pk])).status_code == 302
    token.refresh_from_db()
    assert token.revoked_by == people.administrator
    assert Decision.objects.filter(action="token.revoke", outcome="allowed").count() == 1


def test_when_and_from_where_it_was_used_is_kept(people):
    client_of(people.okafor).get("/api/cases/", REMOTE_ADDR="203.0.113.7")
    token = ApiToken.objects.get()
    assert (token.last_used_from, token.last_used_at is not None) == ("203.0.113.7", True)


def test_a_token_makes_no_session_and_passes_no_page(people):
    client = client_of(people.okafor)
    assert client.get("/cases/").status_code == 302
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("change", [{"scope": "all"}, {"actions": ["case.create"]}, {"key_hash": "0" * 64},
                                    {"expires_at": timezone.now() + timedelta(days=300)}])  # fmt: skip
def test_the_database_lets_no_token_grow(people, change):
    make_token(owner=people.okafor, name="Records", scope="read", days=1)
    refused("A token is never changed", **change)


def test_the_database_revives_no_token_and_takes_none_without_end_or_in_the_clear(people):
    token, _ = make_token(owner=people.okafor, name="Records", scope="read", days=1)
    revoke_token(token=token, actor=people.okafor)
    refused("A token that was revoked stays so", revoked_at=None)
    facts = {"owner": people.okafor, "name": "x", "hint": "x", "scope": "read",
             "expires_at": timezone.now() + timedelta(days=1)}  # fmt: skip
    for wrong, words in (({"key_hash": "ecpd_clear"}, "kept as its hash"),
                         ({"key_hash": "1" * 64, "expires_at": timezone.now() + timedelta(days=400)}, "within a year"),
                         ({"key_hash": "1" * 64, "scope": "actions"}, "names them")):  # fmt: skip
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            ApiToken.objects.create(**facts | wrong)


def test_requests_of_a_token_and_of_nobody_are_counted_by_the_minute(people, settings):
    settings.API_A_MINUTE, settings.API_UNKNOWN_A_MINUTE = 3, 2
    client, unknown = client_of(people.okafor), APIClient()
    known = [client.get("/api/cases/").status_code for _ in range(9)]
    assert (known[:3], known[-1]) == ([200] * 3, 429)
    answers = [unknown.get("/api/cases/") for _ in range(6)]
    assert is_problem(answers[-1], 429, "throttled")
    assert 1 <= int(answers[-1]["Retry-After"]) <= 61
    unknown.credentials(HTTP_AUTHORIZATION="Token ecpd_" + "x" * 43)
    assert unknown.get("/api/cases/").status_code == 429


def test_a_scope_refuses_before_it_is_said_what_the_request_lacks(people):
    """Each writing address of the API that tokens open, asked with nothing in it."""
    client, asked = client_of(people.okafor, scope="read"), 0
    for address, view in writing_addresses():
        refusal = client.post(address, {}, format="multipart" if view.parser_classes == [MultiPartParser] else "json")
        assert is_problem(refusal, 403, "policy_denied") and rules_of(refusal.json()) == {"AC-08"}, address
        asked += 1
    assert asked == 3


def writing_addresses() -> list[tuple[str, type]]:
    """Lists to which something is added. What is done to one thing looks for that thing first: test_leads, test_searches."""
    patterns = [
        found for found in flat(get_resolver("ecpd.api_urls").url_patterns) if hasattr(found.callback, "actions")
    ]
    return [(reverse(found.name), found.callback.cls) for found in patterns
            if "create" in found.callback.actions.values() and "format" not in str(found.pattern)]  # fmt: skip


def flat(patterns):
    """The patterns, those of included lists too."""
    for one in patterns:
        yield from flat(one.url_patterns) if hasattr(one, "url_patterns") else [one]


def test_a_revoked_token_is_not_listed_as_in_use(client, people):
    sign_in(client, people.okafor)
    for name in ("Records", "Old records"):
        client.post(PAGE, {"name": name, "scope": "read", "days": "30"})
    revoke_token(token=ApiToken.objects.get(name="Old records"), actor=people.okafor)
    shown = client.get(PAGE)
    assert [[token.name for token in shown.context[part]] for part in ("good", "over")] == [
        ["Records"],
        ["Old records"],
    ]
    assert "Revoked and ended: 1" in shown.content.decode()
