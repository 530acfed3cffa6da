"""AC-02: five failed sign-ins in fifteen minutes lock an account until an administrator releases it."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.accounts.services import release_account
from ecpd.audit.models import AuditEvent
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from tests import signing_in
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")


@pytest.fixture
def sign_in(client, okafor):
    """Signs in by the form; the password is wrong unless it is given."""

    def enter(username: str = "okafor", password: str = "not this one", **sent):
        return client.post(LOGIN, {"login": username, "password": password}, **sent)

    return enter


def locked(user: User) -> bool:
    """Whether the account is locked, as the database has it."""
    return User.objects.get(pk=user.pk).locked_at is not None


def minutes_pass(minutes: int) -> None:
    """The failures so far happened so much earlier."""
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=attempt.attempt_time - timedelta(minutes=minutes)
        )


def test_four_failures_lock_nothing_and_the_fifth_does(sign_in, okafor):
    for _ in range(4):
        assert sign_in().status_code == 200
    assert not locked(okafor)
    answer = sign_in()
    assert answer.status_code == 429
    assert "This account is locked" in answer.content.decode()
    assert locked(okafor)


def test_the_lock_stands_on_the_record_without_the_passwords_that_were_tried(sign_in, okafor):
    for _ in range(6):
        sign_in(password="secret-guess")
    event = AuditEvent.objects.get(action="account.locked")
    assert event.detail["username"] == "okafor"
    for attempt in AccessAttempt.objects.all():
        assert "secret-guess" not in attempt.post_data


def test_a_locked_account_is_refused_with_the_right_password_too(sign_in, client):
    for _ in range(5):
        sign_in()
    assert sign_in(password=PASSWORD).status_code == 429
    assert client.get("/", follow=False).status_code == 302


def test_a_lock_does_not_end_by_itself(sign_in, okafor):
    for _ in range(5):
        sign_in()
    AccessAttempt.objects.all().delete()
    User.objects.filter(pk=okafor.pk).update(locked_at=timezone.now() - timedelta(days=30))
    assert sign_in(password=PASSWORD).status_code == 429


def test_failures_older_than_fifteen_minutes_do_not_count(sign_in, okafor):
    for _ in range(4):
        sign_in()
    minutes_pass(16)
    assert sign_in().status_code == 200
    assert not locked(okafor)


def test_failures_within_fifteen_minutes_count_together(sign_in, okafor):
    for _ in range(4):
        sign_in()
    minutes_pass(14)
    assert sign_in().status_code == 429
    assert locked(okafor)


def test_a_sign_in_forgets_the_failures_before_it(sign_in, client, okafor):
    for _ in range(4):
        sign_in()
    signing_in.by_the_forms(client, "okafor")
    client.logout()
    for _ in range(4):
        assert sign_in().status_code == 200
    assert not locked(okafor)


def test_failures_count_from_wherever_they_come(sign_in, okafor):
    for number in range(5):
        sign_in(REMOTE_ADDR=f"10.0.0.{number}", HTTP_USER_AGENT=f"Browser {number}")
    assert locked(okafor)


@pytest.mark.parametrize("names", [["okafor", "OKAFOR", "Okafor", "oKaFoR", "OkafoR"], [" okafor"] * 5])
def test_failures_count_however_the_name_is_typed(sign_in, okafor, names):
    for name in names:
        sign_in(name)
    assert locked(okafor)
    assert sign_in("OKAFOR", PASSWORD).status_code == 429


def test_nobody_else_is_locked(sign_in, client):
    raman = make_user(Role.INVESTIGATOR, username="raman")
    for _ in range(5):
        sign_in()
    assert not locked(raman)
    assert sign_in("raman", PASSWORD).status_code == 302


@pytest.mark.parametrize("name", ["nobody", "nobody@nowhere.example", "ﬁ İ 🙂"])
def test_a_name_that_is_nobodys_is_answered_like_any_other(sign_in, name):
    answers = [sign_in(name).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert not AuditEvent.objects.filter(action="account.locked").exists()


@pytest.mark.parametrize("name", ["", "x" * 3000, "oka\x00for"])
def test_what_cannot_be_a_name_is_asked_for_again(sign_in, okafor, name):
    assert [sign_in(name).status_code for _ in range(6)] == [200] * 6
    assert not locked(okafor)


def test_a_session_that_is_open_ends_with_the_lock(sign_in, client, okafor):
    signing_in.sign_in(client, okafor)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=okafor.pk).update(locked_at=timezone.now())
    assert client.get("/").status_code == 302


def test_the_auditors_site_is_no_way_round_the_lock(client, db):
    auditor = make_user(Role.AUDITOR, username="whitlock")
    User.objects.filter(pk=auditor.pk).update(locked_at=timezone.now())
    client.post(reverse("admin:login"), {"username": "whitlock", "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session


def test_an_administrator_releases_and_the_person_signs_in(sign_in, okafor, administrator):
    for _ in range(5):
        sign_in()
    release_account(user=okafor, actor=administrator)
    assert sign_in(password=PASSWORD).status_code == 302
    assert Decision.objects.get(actor=administrator).outcome == "allowed"
    assert AuditEvent.objects.filter(action="account.released").count() == 1


def test_after_a_release_four_more_failures_lock_nothing(sign_in, okafor, administrator):
    for _ in range(5):
        sign_in()
    release_account(user=okafor, actor=administrator)
    for _ in range(4):
        assert sign_in().status_code == 200
    assert not locked(okafor)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_releases_an_account(okafor, role):
    User.objects.filter(pk=okafor.pk).update(locked_at=timezone.now())
    with pytest.raises(PolicyDenied) as refusal:
        release_account(user=okafor, actor=make_user(role))
    assert {verdict.rule_id for verdict in refusal.value.blocking} == {"AC-08"}
    assert locked(okafor)
