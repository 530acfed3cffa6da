"""AC-01: a second factor that is added, by whomever, is seen: by its person at the next sign-in, and by the auditor."""

import json
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts import rehearsal
from ecpd.accounts.factor_record import with_record
from ecpd.accounts.factors import added_lately, removed_lately
from ecpd.accounts.models import FactorAdded, User
from ecpd.accounts.roles import Role
from tests.factories.factors import passkey
from tests.factories.people import PASSWORD, make_user
from tests.signing_in import CODE, LOGIN, code_of, sign_in

ADMIN, TOKENS = reverse("admin:accounts_factoradded_changelist"), reverse("admin:accounts_apitoken_changelist")
SLIPPED_IN = (
    "INSERT INTO mfa_authenticator (user_id, type, data, created_at) SELECT user_id, 'webauthn', "
    f"'{json.dumps(passkey('mine'))}', now() FROM mfa_authenticator WHERE type = 'totp'"
)
CODES = reverse("mfa_view_recovery_codes")
NEW_CODES = reverse("mfa_generate_recovery_codes")


def run(sql: str) -> None:
    """A statement as the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def used(okafor) -> User:
    """An account that has a second factor and was signed in with it."""
    rehearsal.app_of(okafor)
    okafor.last_login = timezone.now()
    okafor.save(update_fields=["last_login"])
    return okafor


@pytest.mark.django_db
def test_a_factor_that_is_slipped_in_is_told_to_its_person_before_anything_opens(client, used):
    run(SLIPPED_IN)
    added = FactorAdded.objects.get(kind="webauthn")
    assert (added.user, added in added_lately(used)) == (used, True)
    client.post(LOGIN, {"login": "okafor", "password": PASSWORD})
    page = client.get(client.post(CODE, {"code": code_of(used)}).url).content.decode()
    assert "Added to your account in the last 90 days" in page
    assert "Passkey" in page


@pytest.mark.django_db
def test_the_auditor_sees_which_were_set_up_by_their_person(client, used):
    run(SLIPPED_IN)
    assert not with_record(FactorAdded.objects.all()).get(kind="webauthn").noted
    auditor = make_user(Role.AUDITOR)
    sign_in(client, auditor)
    page = client.get(ADMIN)
    assert page.status_code == 200
    assert f"{used}" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM accounts_factoradded",
        "UPDATE accounts_factoradded SET at = now() - interval '3 years'",
        "UPDATE accounts_factoradded SET user_id = (SELECT max(id) FROM accounts_user)",
    ],
)
def test_what_was_noted_stays(used, sql):
    run(SLIPPED_IN)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run(sql)


@pytest.mark.django_db
def test_nothing_is_noted_that_was_not_added(used):
    with pytest.raises(DatabaseError, match="AC-01: What is noted as added"), transaction.atomic():
        FactorAdded.objects.create(user=used, factor=10**9, kind="totp", at=timezone.now())


@pytest.mark.django_db
def test_two_tabs_see_the_recovery_codes_once(client, okafor):
    sign_in(client, okafor)
    assert client.post(NEW_CODES, {"instead_of": "none"}).url == CODES
    shown = [client.get(CODES).context["can_view_codes"] for _ in range(2)]
    assert shown == [True, False]


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_the_same_moment_one_sees_them(okafor):
    first = Client()
    sign_in(first, okafor)
    assert first.post(NEW_CODES, {"instead_of": "none"}).url == CODES
    begin, shown = threading.Barrier(2), []

    def open_page() -> None:
        browser = Client()
        browser.cookies = first.cookies
        begin.wait()
        try:
            page = browser.get(CODES)
            shown.append((page.status_code, "You see these codes once, now." in page.content.decode()))
        finally:
            connection.close()

    tabs = [threading.Thread(target=open_page) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(shown) == [(200, False), (200, True)]


@pytest.mark.django_db
def test_other_codes_end_the_sessions_that_may_have_begun_with_the_old_ones(client, okafor):
    elsewhere = Client()
    for one in (elsewhere, client):
        sign_in(one, okafor)
    assert client.post(NEW_CODES, {"instead_of": "none"}).url == CODES
    assert elsewhere.get("/").status_code == 200, "nothing was there that somebody may have seen"
    assert client.post(NEW_CODES, {"instead_of": client.get(NEW_CODES).context["instead_of"]}).url == CODES
    assert elsewhere.get("/").status_code == 302
    page = client.get(CODES)
    assert page.status_code == 200 and "You see these codes once, now." in page.content.decode()


@pytest.mark.django_db
def test_the_first_codes_take_nothing_away_and_the_others_do(client, okafor):
    """A warning that comes with every first set teaches people to click past it."""
    sign_in(client, okafor)
    assert "You have none yet." in client.get(NEW_CODES).content.decode()
    client.post(NEW_CODES, {"instead_of": "none"})
    assert removed_lately(okafor) == []
    client.post(NEW_CODES, {"instead_of": client.get(NEW_CODES).context["instead_of"]})
    assert len(removed_lately(okafor)) == 1


@pytest.mark.django_db
def test_a_page_from_before_other_codes_were_made_ends_none(client, okafor):
    sign_in(client, okafor)
    opened = client.get(NEW_CODES).context["instead_of"]
    assert client.post(NEW_CODES, {"instead_of": opened}).url == CODES
    kept = Authenticator.objects.get(type="recovery_codes")
    for said in ({"instead_of": opened}, {}):
        refused = client.post(NEW_CODES, said)
        assert refused.status_code == 409
        assert "New recovery codes were made since" in refused.content.decode()
    assert Authenticator.objects.get(type="recovery_codes") == kept
    assert client.post(NEW_CODES, {"instead_of": client.get(NEW_CODES).context["instead_of"]}).url == CODES


@pytest.mark.django_db
def test_an_administrator_sees_every_token_and_ends_one(client, okafor, administrator):
    from ecpd.accounts import api_tokens

    token, key = api_tokens.make_token(owner=okafor, name="Records export", scope="read", days=30)
    sign_in(client, administrator)
    page = client.get(TOKENS).content.decode()
    for told in ("Records export", token.hint, "Reading only"):
        assert told in page
    assert key not in page
    assert token.key_hash not in page
    assert client.get(reverse("admin:accounts_apitoken_add")).status_code == 403
    client.post(TOKENS, {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert (token.is_good, token.revoked_by) == (False, administrator)
