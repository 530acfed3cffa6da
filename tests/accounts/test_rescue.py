"""AC-01: who lost every second factor is rescued from the shell, on the record, and in no other way."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts import codes, rehearsal
from ecpd.accounts.models import Rescue, User
from ecpd.audit.models import AuditEvent
from tests.accounts.conftest import owner
from tests.factories.people import PASSWORD
from tests.signing_in import LOGIN, NOTICE, sign_in

pytestmark = pytest.mark.django_db
WHY = "Lost the phone; came to the desk with badge and passport."
SET_UP, APP, RESCUE = reverse("mfa_index"), reverse("mfa_activate_totp"), reverse("account_rescue")


@pytest.fixture
def rescue(okafor, capsys):
    """Runs the command as the owner; returns the code it printed."""
    rehearsal.app_of(okafor)

    def run(username: str = "okafor", why: str = WHY) -> str:
        with owner():
            call_command("rescue_account", username, "--why", why)
        return next(line for line in capsys.readouterr().out.splitlines() if line.count("-") == 3).strip()

    return run


def half(client: Client) -> Client:
    """Password and notice."""
    client.post(LOGIN, {"login": "okafor", "password": PASSWORD})
    client.post(NOTICE)
    return client


def set_up(client: Client) -> int:
    """The status of setting up an app."""
    page = client.get(APP)
    if page.status_code != 200:
        return page.status_code
    step = int(time.time()) // 30 + 1
    return client.post(APP, {"code": codes.code_at(page.context["form"].secret, step)}).status_code


def test_a_rescue_signs_out_takes_the_factors_and_is_on_the_record(client, okafor, rescue):
    sign_in(client, okafor)
    assert client.get("/cases/").status_code == 200
    code = rescue()
    assert client.get("/cases/").status_code == 302
    assert SESSION_KEY not in client.session
    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.get(action="account.rescued")
    assert event.detail["why"] == WHY
    assert event.detail["took_away"] == ["totp"]
    assert event.detail["shell_user"]
    assert code not in str(Rescue.objects.values())


def test_after_the_password_comes_the_code_then_a_new_factor_then_the_site(client, rescue):
    code = rescue()
    half(client)
    assert client.get("/cases/").url == RESCUE
    assert client.get(APP).url == RESCUE
    assert client.post(RESCUE, {"code": code.lower().replace("-", " ")}).url == SET_UP
    assert set_up(client) == 302
    assert client.get("/cases/").status_code == 200
    assert Rescue.objects.get().used_at is not None


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA-AAAAA-AAAAA", "x" * 10_000])
def test_a_wrong_code_opens_nothing_and_is_recorded(client, rescue, code):
    rescue()
    half(client)
    assert client.post(RESCUE, {"code": code}).status_code == 200
    assert set_up(client) == 302
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(action="account.rescue_failed").count() == 1


def test_five_wrong_codes_end_the_rescue(client, rescue):
    code = rescue()
    half(client)
    for _ in range(5):
        client.post(RESCUE, {"code": "wrong"})
    client.post(RESCUE, {"code": code})
    assert client.get(SET_UP).url == RESCUE
    assert "Nothing opens here." in client.get(RESCUE).content.decode()


def test_a_code_is_good_once_for_a_day_and_for_one_person(client, okafor, rescue):
    code = rescue()
    Rescue.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    half(client)
    client.post(RESCUE, {"code": code})
    assert set_up(client) == 302
    assert not Authenticator.objects.exists()
    newer = rescue()
    half(client)
    client.post(RESCUE, {"code": code})
    assert client.get(SET_UP).url == RESCUE
    client.post(RESCUE, {"code": newer})
    assert set_up(client) == 302
    assert Authenticator.objects.filter(user=okafor, type="totp").exists()


def test_another_session_that_knows_only_the_password_sets_up_nothing_meanwhile(client, rescue):
    code = rescue()
    other = half(Client())
    half(client)
    client.post(RESCUE, {"code": code})
    assert set_up(other) == 302
    assert other.get(APP).url == RESCUE
    assert not Authenticator.objects.exists()


def test_an_account_whose_factors_are_gone_without_a_rescue_stays_shut(client, okafor, rescue):
    with owner(asleep=True) as cursor:
        cursor.execute("DELETE FROM mfa_authenticator")
    half(client)
    assert client.get("/cases/").url == RESCUE
    assert client.get(APP).url == RESCUE
    assert "Nothing opens here." in client.get(RESCUE).content.decode()


def test_the_application_itself_cannot_rescue(okafor):
    rehearsal.app_of(okafor)
    with pytest.raises(CommandError, match="owner"):
        call_command("rescue_account", "okafor", "--why", WHY)


@pytest.mark.parametrize("why", ["", "lost", ". . ."])
def test_a_rescue_says_why(rescue, why):
    with pytest.raises(CommandError, match="Say in a few words"):
        rescue(why=why)
    assert Authenticator.objects.exists()


def test_nobody_is_rescued_who_is_not_there(rescue):
    with pytest.raises(CommandError, match="no account"):
        rescue("nobody")
    assert User.objects.count() == 1
