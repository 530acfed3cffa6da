"""A forgotten password: an administrator opens the way and cannot use it: the person's own second factor is asked."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts import codes, forgotten, lockout, rehearsal
from ecpd.accounts.models import PasswordReset, User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from tests.factories.people import PASSWORD, make_user
from tests.signing_in import CODE, LOGIN, code_of, sign_in

pytestmark = pytest.mark.django_db
ASK, NEW, LIST = (reverse(name) for name in
                  ("account_reset_password", "account_new_password", "admin:accounts_user_changelist"))  # fmt: skip
STRONG = "a long and unusual sentence"
TWICE = {"password1": STRONG, "password2": STRONG}


@pytest.fixture
def asked(okafor) -> Client:
    """The browser of somebody who forgot, and has an authenticator app."""
    rehearsal.app_of(okafor)
    browser = Client()
    assert browser.post(ASK, {"username": "OKAFOR"}).url == NEW
    return browser


def number() -> str:
    """What the screen shows."""
    return PasswordReset.objects.latest("pk").number


def with_code(user: User, **changes) -> dict[str, str]:
    """The new password, with a code that was not used yet."""
    return TWICE | {"code": code_of(user)} | changes


@pytest.fixture
def second() -> User:
    """Another administrator."""
    return make_user(Role.ADMINISTRATOR)


def refused(sentence: str, **changes) -> None:
    """The database refuses this change of the request."""
    with pytest.raises(IntegrityError, match=sentence) as error, transaction.atomic():
        PasswordReset.objects.update(**changes)
    assert error.value.__cause__.sqlstate == "23514"


def test_the_way_is_linked_where_a_locked_out_person_stands(client, okafor):
    for _ in range(lockout.MOST - 1):
        told = client.post(LOGIN, {"login": "okafor", "password": "wrong"})
    assert f'href="{ASK}"' in client.get(LOGIN).content.decode()
    client.post(LOGIN, {"login": "okafor", "password": "wrong"})
    locked = client.post(LOGIN, {"login": "okafor", "password": "wrong"}).content.decode()
    assert "Passwords are locked from here" in locked
    assert f'href="{ASK}"' in locked
    assert f"After {lockout.MOST} wrong passwords, none is taken from here" in told.content.decode()


def test_from_the_number_to_a_new_password_and_the_second_factor(client, asked, okafor, administrator):
    sign_in(client, administrator)
    assert number() in asked.get(NEW).content.decode()
    assert asked.post(NEW, TWICE).status_code == 200
    assert User.objects.get(pk=okafor.pk).check_password(PASSWORD)
    client.post(LIST, {"action": "open_password", "number": number(), "_selected_action": [okafor.pk]})
    assert asked.post(NEW, with_code(okafor)).url == LOGIN
    assert User.objects.get(pk=okafor.pk).check_password(STRONG)
    assert asked.post(LOGIN, {"login": "okafor", "password": STRONG}).url == CODE
    assert [event.action for event in AuditEvent.objects.filter(action__startswith="account.password").order_by("pk")] == [
        "account.password_forgotten", "account.password_opened", "account.password_set_anew",
    ]  # fmt: skip


def test_what_the_administrator_knows_opens_nothing_for_him(client, asked, okafor, administrator):
    forgotten.open_way(user=okafor, number=number(), actor=administrator)
    sign_in(client, administrator)
    assert client.get(NEW).url == ASK
    assert client.post(NEW, TWICE).url == ASK
    kept = str(list(PasswordReset.objects.values()))
    assert asked.session["ecpd_forgotten"] not in kept
    assert User.objects.get(pk=okafor.pk).check_password(PASSWORD)


def test_it_is_used_once_and_ends_the_sessions(client, asked, okafor, administrator):
    sign_in(client, okafor)
    forgotten.open_way(user=okafor, number=number(), actor=administrator)
    secret = asked.session["ecpd_forgotten"]
    forgotten.set_password(secret=secret, password=STRONG, code=code_of(okafor))
    assert client.get("/").status_code == 302
    with pytest.raises(StaleState):
        forgotten.set_password(secret=secret, password="another long sentence")
    refused("AC-10: A new password is set once", used_at=timezone.now())


def test_a_weak_password_leaves_the_way_open(asked, okafor, administrator):
    forgotten.open_way(user=okafor, number=number(), actor=administrator)
    weak = with_code(okafor, password1="okaforokafor", password2="okaforokafor")
    assert asked.post(NEW, weak).status_code == 200
    assert asked.post(NEW, weak | TWICE).url == LOGIN, "A weak password used the code up."


def test_an_administrator_who_asks_in_anothers_name_sets_no_password(client, okafor, administrator):
    rehearsal.app_of(okafor)
    sign_in(client, administrator)
    browser = Client()
    browser.post(ASK, {"username": "okafor"})
    client.post(LIST, {"action": "open_password", "number": number(), "_selected_action": [okafor.pk]})
    for tried in (TWICE, TWICE | {"code": "000000"}, with_code(administrator)):
        assert browser.post(NEW, tried).status_code == 200
    client.post(LIST, {"action": "open_password", "number": number(), "_selected_action": [okafor.pk]})
    assert browser.post(NEW, TWICE).status_code == 200
    assert User.objects.get(pk=okafor.pk).check_password(PASSWORD)
    assert PasswordReset.objects.get().used_at is None
    assert PasswordReset.objects.get().seconded_at is None


def test_a_wrong_code_is_told_and_counts_as_at_the_sign_in(asked, okafor, administrator):
    forgotten.open_way(user=okafor, number=number(), actor=administrator)
    told = [asked.post(NEW, TWICE | {"code": "000000"}).content.decode() for _ in range(codes.FAILURES + 1)]
    assert "This is no code of your second factor" in told[0]
    assert "Too many wrong codes" in told[-1]
    assert "Too many wrong codes" in asked.post(NEW, with_code(okafor)).content.decode()
    assert User.objects.get(pk=okafor.pk).check_password(PASSWORD)


def test_where_the_factor_is_lost_a_second_administrator_types_the_number(client, asked, okafor, administrator, second):
    forgotten.open_way(user=okafor, number=number(), actor=administrator)
    assert "Code of your second factor" in asked.get(NEW).content.decode()
    sign_in(client, second)
    client.post(LIST, {"action": "open_password", "number": number(), "_selected_action": [okafor.pk]})
    assert "Code of your second factor" not in asked.get(NEW).content.decode()
    assert asked.post(NEW, TWICE).url == LOGIN
    assert User.objects.get(pk=okafor.pk).check_password(STRONG)
    said = AuditEvent.objects.get(action="account.password_seconded")
    assert said.actor == second


def test_the_database_wants_the_factor_or_a_second_administrator(asked, okafor, administrator, second):
    forgotten.open_way(user=okafor, number=number(), actor=administrator)
    now, factor = timezone.now(), rehearsal.app_of(okafor)
    counts = "AC-01: A new password counts with the account's own second factor"
    refused(counts, used_at=now)
    refused(counts, used_at=now, factor=factor.pk)
    refused("AC-10: A second administrator", seconded_at=now, seconded_by=administrator)
    refused("AC-10: A second administrator", seconded_at=now, seconded_by=okafor)
    refused("AC-10: A second administrator", seconded_at=now, seconded_by=make_user(Role.CAPTAIN))
    refused("AC-10: A second administrator", seconded_at=now)
    other = rehearsal.app_of(second)
    other.record_usage()
    refused(counts, used_at=now, factor=other.pk)
    factor.record_usage()
    PasswordReset.objects.update(used_at=now, factor=factor.pk)


@pytest.mark.parametrize("wrong", ["", "0000 0000x", "12"])
def test_a_number_that_nobody_waits_with_opens_nothing(asked, okafor, administrator, wrong):
    with pytest.raises(StaleState):
        forgotten.open_way(user=okafor, number=wrong, actor=administrator)
    with pytest.raises(StaleState):
        forgotten.open_way(user=make_user(Role.CAPTAIN), number=number(), actor=administrator)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_opens_the_way(asked, okafor, role):
    with pytest.raises(PolicyDenied):
        forgotten.open_way(user=okafor, number=number(), actor=make_user(role))


def test_no_administrator_opens_his_own(administrator):
    forgotten.ask(username=administrator.username, source="")
    with pytest.raises(PolicyDenied) as refusal:
        forgotten.open_way(user=administrator, number=number(), actor=administrator)
    assert {verdict.rule_id for verdict in refusal.value.blocking} == {"AC-10"}
    refused("AC-10: Another person, an administrator", opened_at=timezone.now(), opened_by=administrator)


def test_the_database_wants_an_administrator_a_way_that_is_open_and_its_request(asked, okafor, administrator):
    now = timezone.now()
    refused("AC-10: Another person, an administrator", opened_at=now, opened_by=make_user(Role.CAPTAIN))
    refused("AC-10: Another person, an administrator", opened_at=now)
    refused("AC-10: The way to a new password is not open", used_at=now)
    refused("AC-10: What was asked for stays", key_hash="0" * 64)
    refused("AC-10: What was asked for stays", user=administrator)
    with pytest.raises(IntegrityError, match="AC-10: A new password is asked for first"), transaction.atomic():
        PasswordReset.objects.create(user=okafor, number="1", key_hash="1", opened_at=now, opened_by=administrator)


def test_it_expires(asked, okafor, administrator, owner_cursor):
    owner_cursor.execute("UPDATE accounts_passwordreset SET asked_at = asked_at - interval '31 minutes'")
    with pytest.raises(StaleState):
        forgotten.open_way(user=okafor, number=number(), actor=administrator)
    assert asked.get(NEW).url == ASK
    assert PasswordReset(opened_at=timezone.now() - timedelta(minutes=31)).is_open is False


def test_a_name_that_is_nobodys_gets_a_number_too(asked):
    other = Client()
    assert other.post(ASK, {"username": "nobody"}).url == NEW
    assert number() in other.get(NEW).content.decode()
    assert PasswordReset.objects.latest("pk").user is None


def test_ten_an_hour_from_one_source(okafor):
    answers = [Client().post(ASK, {"username": "okafor"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_who_goes_on_too_early_is_told_to_wait(asked):
    page = asked.get(NEW).content.decode()
    assert f'href="{NEW}?told"' in page and "Not opened yet" not in page
    assert "Not opened yet. Tell the help desk the number" in asked.get(f"{NEW}?told").content.decode()


@pytest.mark.parametrize("typed", ["", " ", "0000 0000"])
def test_a_missing_or_wrong_number_is_told_on_the_list(client, asked, okafor, administrator, typed):
    sign_in(client, administrator)
    answer = client.post(
        LIST, {"action": "open_password", "number": typed, "_selected_action": [okafor.pk]}, follow=True
    )
    said = [str(message) for message in answer.context["messages"]]
    assert answer.status_code == 200 and len(said) == 1
    assert ("Type the number" in said[0]) == (not typed.strip())
    assert not PasswordReset.objects.filter(opened_at__isnull=False).exists()
