"""AC-02: wrong passwords lock the password way from where they come, slow it from everywhere, and end no session."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts import lockout
from ecpd.accounts.models import FailedPassword, PasswordLock, User
from ecpd.accounts.roles import Role
from ecpd.accounts.services import release_account
from ecpd.audit.models import AuditEvent
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from tests.factories.people import PASSWORD, make_user
from tests.signing_in import CODE, by_the_forms
from tests.signing_in import sign_in as signed_in

pytestmark = pytest.mark.django_db
LOGIN, CHANGE = reverse("account_login"), reverse("account_change_password")
ELSEWHERE = "203.0.113.7"


@pytest.fixture
def sign_in(okafor):
    """Types into the form, each time in a new browser; the password is wrong unless it is given."""

    def enter(username: str = "okafor", password: str = "not this one", **sent):
        return Client().post(LOGIN, {"login": username, "password": password}, **sent)

    return enter


def locked(user: User) -> list[str]:
    """The sources that the account is locked from, as the database has it."""
    return list(PasswordLock.objects.filter(user=user, released_at=None).values_list("source", flat=True))


def minutes_pass(minutes: float) -> None:
    """The failures so far happened so much earlier."""
    for one in FailedPassword.objects.all():
        FailedPassword.objects.filter(pk=one.pk).update(at=one.at - timedelta(minutes=minutes))


def guess_from_everywhere(sign_in, times: int) -> None:
    """Wrong passwords, each from a source of its own."""
    for number in range(times):
        sign_in(REMOTE_ADDR=f"198.51.100.{number}")


def test_four_failures_lock_nothing_and_the_fifth_does(sign_in, okafor):
    assert [sign_in().status_code for _ in range(4)] == [200] * 4
    assert locked(okafor) == []
    answer = sign_in()
    assert answer.status_code == 429
    assert "Passwords are locked from here" in answer.content.decode()
    assert locked(okafor) == ["127.0.0.1"]


def test_the_lock_stands_on_the_record_without_the_passwords_that_were_tried(sign_in, okafor):
    for _ in range(6):
        sign_in(password="secret-guess")
    event = AuditEvent.objects.get(action="account.locked")
    assert (event.detail["username"], event.detail["source"]) == ("okafor", "127.0.0.1")
    assert not any("secret-guess" in str(event.detail) for event in AuditEvent.objects.all())


def test_from_there_the_right_password_is_refused_too_and_from_elsewhere_taken(sign_in, okafor):
    for _ in range(5):
        sign_in()
    assert sign_in(password=PASSWORD).status_code == 429
    assert sign_in(password=PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_a_lock_does_not_end_by_itself(sign_in, okafor):
    for _ in range(5):
        sign_in()
    FailedPassword.objects.all().delete()
    assert sign_in(password=PASSWORD).status_code == 429


def test_failures_older_than_fifteen_minutes_do_not_count(sign_in, okafor):
    for _ in range(4):
        sign_in()
    minutes_pass(16)
    assert sign_in().status_code == 200
    assert locked(okafor) == []


def test_failures_within_fifteen_minutes_count_together(sign_in, okafor):
    for _ in range(4):
        sign_in()
    minutes_pass(14)
    assert sign_in().status_code == 429


def test_a_sign_in_forgets_the_failures_before_it_from_the_same_source_only(sign_in, okafor):
    for _ in range(4):
        sign_in()
        sign_in(REMOTE_ADDR=ELSEWHERE)
    assert sign_in(password=PASSWORD).status_code == 302
    assert sign_in().status_code == 200
    assert sign_in(REMOTE_ADDR=ELSEWHERE).status_code == 429


def test_one_subscribers_ipv6_addresses_are_one_source(sign_in, okafor):
    for number in range(5):
        sign_in(REMOTE_ADDR=f"2001:db8:1:2::{number}")
    assert locked(okafor) == ["2001:db8:1:2::/64"]


@pytest.mark.parametrize("names", [["okafor", "OKAFOR", "Okafor", "oKaFoR", "OkafoR"], [" okafor"] * 5])
def test_failures_count_however_the_name_is_typed(sign_in, okafor, names):
    for name in names:
        sign_in(name)
    assert locked(okafor) == ["127.0.0.1"]
    assert sign_in("OKAFOR", PASSWORD).status_code == 429


def test_nobody_else_is_locked(sign_in):
    make_user(Role.INVESTIGATOR, username="raman")
    for _ in range(5):
        sign_in()
    assert sign_in("raman", PASSWORD).status_code == 302


@pytest.mark.parametrize("name", ["nobody", "nobody@nowhere.example", "ﬁ İ 🙂"])
def test_a_name_that_is_nobodys_is_answered_like_any_other(sign_in, name):
    known, unknown = [sign_in() for _ in range(6)], [sign_in(name) for _ in range(6)]
    assert [answer.status_code for answer in unknown] == [answer.status_code for answer in known]
    assert unknown[-1].content.decode().split("<main")[1] == known[-1].content.decode().split("<main")[1]
    assert AuditEvent.objects.filter(action="account.locked").count() == 1
    assert not FailedPassword.objects.filter(name__icontains="nobody").exists()


@pytest.mark.parametrize("name", ["", "x" * 3000, "oka\x00for"])
def test_what_cannot_be_a_name_is_asked_for_again(sign_in, okafor, name):
    assert {sign_in(name).status_code for _ in range(6)} <= {200, 429}
    assert locked(okafor) == []


def test_an_open_session_outlives_the_lock(sign_in, client, okafor):
    signed_in(client, okafor)
    for _ in range(5):
        sign_in()
    assert locked(okafor)
    assert client.get("/").status_code == 200


def test_twenty_failures_from_anywhere_slow_the_account_and_lock_it_nowhere(sign_in, okafor):
    guess_from_everywhere(sign_in, 20)
    answer = sign_in(password=PASSWORD, REMOTE_ADDR=ELSEWHERE)
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= lockout.SHORTEST
    assert f"try again in {answer['Retry-After']} s" in answer.content.decode()
    assert locked(okafor) == []
    minutes_pass(0.1)
    assert sign_in(password=PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_the_wait_grows_and_has_an_end(okafor):
    waits = []
    for number in range(30):
        at = timezone.now() if number >= 19 else timezone.now() - timedelta(minutes=30)
        FailedPassword.objects.create(name=f"account:{okafor.pk}", source=f"198.51.100.{number}", at=at)
        if refusal := lockout.closed("okafor", ELSEWHERE):
            waits.append(refusal.seconds)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300]


def test_what_is_refused_while_slowed_does_not_count(sign_in, okafor):
    guess_from_everywhere(sign_in, 20)
    FailedPassword.objects.update(at=timezone.now())
    for _ in range(3):
        with pytest.raises(lockout.Closed):
            lockout.begin("okafor", ELSEWHERE)
    assert FailedPassword.objects.count() == 20


def test_a_hundred_guesses_at_once_are_five(transactional_db):
    make_user(Role.INVESTIGATOR, username="okafor")
    taken, refused = [], []

    def guess() -> None:
        try:
            lockout.failed(lockout.begin("okafor", ELSEWHERE))
            taken.append(1)
        except lockout.Closed:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (5, 11)
    assert PasswordLock.objects.count() == 1


def test_wrong_old_passwords_count_and_lock_the_page_too(client, okafor):
    signed_in(client, okafor)
    new = {"password1": "a long and unusual sentence", "password2": "a long and unusual sentence"}
    for _ in range(5):
        assert client.post(CHANGE, {"oldpassword": "not this one", **new}).status_code == 200
    assert locked(okafor) == ["127.0.0.1"]
    answer = client.post(CHANGE, {"oldpassword": PASSWORD, **new})
    assert "Passwords are not taken from here any more" in answer.content.decode()
    okafor.refresh_from_db()
    assert okafor.check_password(PASSWORD)
    assert client.get("/").status_code == 200


def test_the_auditors_site_has_no_page_of_its_own_that_takes_a_password(client, sign_in):
    auditor = make_user(Role.AUDITOR, username="whitlock")
    for _ in range(5):
        sign_in("whitlock")
    client.post(reverse("admin:login"), {"username": "whitlock", "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    signed_in(client, auditor)
    assert client.post(reverse("admin:password_change"), {"old_password": PASSWORD}).url == CHANGE


def test_an_administrator_releases_and_the_person_signs_in(sign_in, client, okafor, administrator):
    for _ in range(5):
        sign_in()
    release_account(user=okafor, actor=administrator)
    assert by_the_forms(client, "okafor").status_code == 302
    assert Decision.objects.get(actor=administrator).outcome == "allowed"
    assert AuditEvent.objects.get(action="account.released").detail == {"locks": 1}
    lock = PasswordLock.objects.get()
    assert (lock.released_by, lock.released_at is not None) == (administrator, True)


def test_after_a_release_four_more_failures_lock_nothing(sign_in, okafor, administrator):
    for _ in range(5):
        sign_in()
    release_account(user=okafor, actor=administrator)
    assert [sign_in().status_code for _ in range(4)] == [200] * 4
    assert locked(okafor) == []
    assert sign_in().status_code == 429


def test_the_only_administrator_is_released_from_the_shell(sign_in, administrator, capsys):
    for _ in range(5):
        sign_in(administrator.username)
    call_command("release_account", administrator.username.upper())
    assert sign_in(administrator.username, PASSWORD).url == CODE or not locked(administrator)
    event = AuditEvent.objects.get(action="account.released")
    assert (event.actor, event.actor_label, event.subject_id) == (None, "Shell", str(administrator.pk))
    assert "can sign in" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no account"):
        call_command("release_account", "nobody")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_releases_an_account(sign_in, okafor, role):
    for _ in range(5):
        sign_in()
    with pytest.raises(PolicyDenied) as refusal:
        release_account(user=okafor, actor=make_user(role))
    assert {verdict.rule_id for verdict in refusal.value.blocking} == {"AC-08"}
    assert locked(okafor)


def test_an_administrator_does_not_release_himself(sign_in, administrator):
    for _ in range(5):
        sign_in(administrator.username)
    with pytest.raises(PolicyDenied) as refusal:
        release_account(user=administrator, actor=administrator)
    assert {verdict.rule_id for verdict in refusal.value.blocking} == {"AC-10"}


@pytest.mark.parametrize("change", ["source = '203.0.113.9'", "user_id = NULL", "locked_at = now() - interval '1 day'"])
def test_a_lock_is_not_moved_away(sign_in, okafor, change):
    for _ in range(5):
        sign_in()
    with pytest.raises(IntegrityError, match="AC-07: A lock is released, never moved"), transaction.atomic():
        connection.cursor().execute(f"UPDATE accounts_passwordlock SET {change}")


def test_a_released_lock_is_not_closed_again_under_the_same_name(sign_in, okafor, administrator):
    for _ in range(5):
        sign_in()
    release_account(user=okafor, actor=administrator)
    with pytest.raises(IntegrityError, match="AC-07: A lock that was released stays so"), transaction.atomic():
        PasswordLock.objects.update(released_at=None)


def test_an_account_that_an_older_version_locked_stays_locked_from_everywhere(sign_in, okafor, administrator):
    PasswordLock.objects.create(name=f"account:{okafor.pk}", user=okafor, source="*")
    assert sign_in(password=PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 429
    release_account(user=okafor, actor=administrator)
    assert sign_in(password=PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_tallies_older_than_a_day_are_forgotten(sign_in):
    sign_in()
    minutes_pass(25 * 60)
    sign_in(REMOTE_ADDR=ELSEWHERE)
    assert lockout.forget_old(timezone.now()) == 1
    assert FailedPassword.objects.count() == 1
