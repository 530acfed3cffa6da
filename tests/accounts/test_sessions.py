"""AC-11: sessions end with the account and its roles, for good; people see and end their own."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from tests.factories.people import PASSWORD, make_user
from tests.signing_in import by_the_forms, sign_in

pytestmark = pytest.mark.django_db
SESSIONS, OTHERS = reverse("account_sessions"), reverse("account_sessions_end_others")


def opens(client: Client) -> bool:
    """Whether a page opens."""
    return client.get("/policy/").status_code == 200


def test_a_disabled_account_that_is_enabled_again_brings_no_session_back(client, okafor):
    sign_in(client, okafor)
    assert opens(client)
    User.objects.filter(pk=okafor.pk).update(is_active=False)
    User.objects.filter(pk=okafor.pk).update(is_active=True)  # before the browser asked anything
    assert not opens(client)
    assert SESSION_KEY not in client.session


def test_a_changed_role_ends_the_sessions(client, okafor):
    sign_in(client, okafor)
    assert opens(client)
    okafor.groups.set([okafor.groups.model.objects.get_or_create(name="captain")[0]])
    assert not opens(client)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, okafor):
    other = Client()
    for browser in (client, other):
        sign_in(browser, okafor)
    new = {"oldpassword": PASSWORD, "password1": "a long other sentence", "password2": "a long other sentence"}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    assert opens(client)
    assert not opens(other)


def test_people_see_their_sessions_with_device_address_and_times(client, okafor):
    phone = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU) AppleWebKit Safari/604"}, REMOTE_ADDR="10.1.2.3")
    by_the_forms(phone, "okafor")
    sign_in(client, okafor)
    sign_in(Client(), make_user(Role.CAPTAIN))
    page = client.get(SESSIONS)
    assert [line.device for line in page.context["lines"]] == ["A device that doesn't say", "Safari on iPhone"]
    assert page.context["lines"][0].is_current
    assert "10.1.2.3" in page.content.decode()


def test_one_session_is_ended_and_its_browser_is_out(client, okafor):
    other = Client()
    for browser in (client, other):
        sign_in(browser, okafor)
    session = UserSession.objects.get(session_key=other.session.session_key)
    assert client.post(reverse("account_session_end", args=[session.pk])).url == SESSIONS
    assert opens(client)
    assert not opens(other)
    assert AuditEvent.objects.filter(action="account.session_ended").count() == 1


def test_all_others_are_ended_also_one_that_no_list_names(client, okafor):
    unlisted = Client()
    sign_in(unlisted, okafor)
    UserSession.objects.all().delete()
    sign_in(client, okafor)
    assert client.post(OTHERS).url == SESSIONS
    assert opens(client)
    assert not opens(unlisted)
    assert len(client.get(SESSIONS).context["lines"]) == 1


def test_nobody_ends_somebody_elses_session(client, okafor):
    captain, browser = make_user(Role.CAPTAIN), Client()
    sign_in(browser, captain)
    sign_in(client, okafor)
    session = UserSession.objects.get(user=captain)
    assert client.post(reverse("account_session_end", args=[session.pk])).status_code == 404
    assert opens(browser)


def test_this_session_began_when_it_began_whatever_others_are_ended(client, okafor):
    sign_in(client, okafor)
    began = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(created_at=began)
    assert client.post(OTHERS).status_code == 302
    assert UserSession.objects.get().created_at == began
    assert opens(client)
