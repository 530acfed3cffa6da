"""Passwords are long and not easily guessed; nobody makes an account for oneself."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from ecpd.accounts.management.commands import create_administrator
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.accounts.services import create_account, set_password
from ecpd.audit.models import AuditEvent
from ecpd.policy.models import Decision
from tests import owners_hand
from tests.factories.leads import allowed_on
from tests.factories.people import PASSWORD, UserFactory, make_user
from tests.signing_in import CODE, LOGIN, NOTICE, by_the_forms, code_of, sign_in

pytestmark = pytest.mark.django_db
STRONG = "a long and unusual sentence"
WEAK = ["", "short", "eleven-char", "123456789012345", "password1234", "qwertyuiop12", "priya.raman2", "ramanraman12",
        "capt2capt2capt2", "capt2capt2cap", "aaaaaaaaaaaaaaaa", "abababababab!", "Priya.Raman-2210", "raman2210priya!!",
        "abcdefghijklmnop", "zyxwvutsrqpon1", "asdfghjklqwerty", "PoliceEcpd2026", "correctcorrectcorrect",
        "ｐｒｉｙａ.raman.2026"]  # fmt: skip
FINE = [
    "correct horse battery staple",
    "a long and unusual sentence",
    "okapi grazing at noon 7",
    "Bremsspur17 Apfelbaum",
]


def new(password: str, **changes) -> User:
    """An account of this password."""
    facts = {"username": "priya.raman", "first_name": "Priya", "last_name": "Ramanraman", "roles": [Role.INVESTIGATOR]}
    return create_account(password=password, **facts | changes)


@pytest.mark.parametrize("password", WEAK)
def test_a_weak_password_makes_no_account(password):
    with pytest.raises(ValidationError):
        new(password)
    assert not User.objects.exists()


def test_a_short_one_is_called_short_and_nothing_else():
    with pytest.raises(ValidationError) as refused:
        new("brief-word")
    assert [one.code for one in refused.value.error_list] == ["password_too_short"]


@pytest.mark.parametrize("password", FINE)
def test_a_sentence_of_ones_own_is_taken(password):
    assert new(password).check_password(password)


def test_a_badge_number_is_a_name_too():
    with pytest.raises(ValidationError, match="Without your name, badge"):
        new("2210-2210-Raman", badge="2210")


def test_a_password_is_kept_as_a_hash_only():
    made = new(STRONG)
    assert STRONG not in made.password
    assert made.check_password(STRONG)


@tuned(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=st.text(max_size=11))
def test_nothing_shorter_than_twelve_characters_is_taken(password):
    with pytest.raises(ValidationError):
        new(password)


def test_a_name_is_given_once_however_it_is_written():
    new(STRONG)
    with pytest.raises(ValidationError):
        new(STRONG)


@pytest.fixture
def desk(client):
    """Somebody's browser."""
    person = make_user(Role.INVESTIGATOR, username="okafor")
    sign_in(client, person)
    return client


@pytest.mark.parametrize("password", ["short", "123456789012345", "password1234"])
def test_nobody_changes_to_a_weak_password(desk, password):
    answers = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert desk.post(reverse("account_change_password"), answers).status_code == 200
    assert User.objects.get().check_password(PASSWORD)


def test_who_knows_the_old_password_sets_a_new_one(desk):
    answers = {"oldpassword": PASSWORD, "password1": STRONG, "password2": STRONG}
    assert desk.post(reverse("account_change_password"), answers).status_code == 302
    assert User.objects.get().check_password(STRONG)
    wrong = {"oldpassword": PASSWORD, "password1": "another long sentence", "password2": "another long sentence"}
    assert desk.post(reverse("account_change_password"), wrong).status_code == 200
    assert User.objects.get().check_password(STRONG)


def test_nobody_signs_up(client):
    answers = {"username": "mallory", "password1": STRONG, "password2": STRONG}
    client.post(reverse("account_signup"), answers)
    assert not User.objects.exists()


@pytest.fixture
def typed(monkeypatch):
    """What is typed when the command asks for a password, in order."""

    def type_in(*words: str) -> list[str]:
        waiting = list(words)
        monkeypatch.setattr(create_administrator, "getpass", lambda prompt: waiting.pop(0))
        return waiting

    return type_in


def test_the_first_administrator_has_the_password_that_was_typed_and_no_other_power(typed, client, capsys):
    left = typed(STRONG, STRONG)
    call_command("create_administrator", "dunne", "--first-name", "Robin", "--last-name", "Dunne")
    made = User.objects.get()
    assert left == []
    assert (made.role_names, made.is_staff, made.is_superuser) == ({Role.ADMINISTRATOR}, True, False)
    assert AuditEvent.objects.get(action="account.created").detail["roles"] == [Role.ADMINISTRATOR]
    assert client.post(reverse("account_login"), {"login": "dunne", "password": STRONG}).status_code == 302
    assert "dunne can sign in" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [((STRONG, "something else"), "differ"), (("", ""), "too short"), (("dunne-dunne", "dunne-dunne"), "too"),
     (("123456789012345", "123456789012345"), "numeric")],
)  # fmt: skip
def test_an_administrator_with_a_poor_password_is_not_created(typed, words, says):
    typed(*words)
    with pytest.raises(CommandError, match=says):
        call_command("create_administrator", "dunne")
    assert not User.objects.exists()


def test_there_is_no_default_password_and_none_on_the_command_line():
    for option in ("--password", "--noinput"):
        with pytest.raises(CommandError):
            call_command("create_administrator", "dunne", option, STRONG)
    assert not User.objects.exists()


def test_a_second_account_of_that_name_is_not_created(typed):
    UserFactory(username="Dunne")
    typed(STRONG, STRONG)
    with pytest.raises(CommandError, match="already"):
        call_command("create_administrator", "dunne")
    assert User.objects.count() == 1


def test_a_password_is_set_by_its_own_persons_decision_only():
    okafor, marsh = make_user(Role.INVESTIGATOR), make_user(Role.ADMINISTRATOR)
    for actor, subject, action in (
        (None, okafor, ""),
        (marsh, okafor, "password.set"),
        (marsh, okafor, "account.manage"),
        (okafor, marsh, "password.set"),
        (okafor, okafor, "factor.remove"),
    ):
        refused = pytest.raises(DatabaseError, match="own person's decision")
        with owners_hand.strictly(), refused, transaction.atomic():
            if actor is not None:
                allowed_on(actor, action, subject)
            User.objects.filter(pk=okafor.pk).update(password="!taken")
    okafor.refresh_from_db()
    assert okafor.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_an_older_copy_of_an_account_brings_no_old_password_back():
    okafor = make_user(Role.INVESTIGATOR)
    older = User.objects.get(pk=okafor.pk)
    set_password(user=okafor, password=STRONG)
    with owners_hand.strictly(), pytest.raises(DatabaseError, match="own person's decision"):
        older.save()
    assert User.objects.get(pk=okafor.pk).check_password(STRONG)


def test_a_password_kept_by_a_weaker_hash_is_kept_by_todays_at_the_sign_in(client, settings):
    okafor = make_user(Role.INVESTIGATOR)
    before = okafor.password
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert okafor.check_password(PASSWORD)
    okafor.refresh_from_db()
    assert okafor.password == before  # who only asks changes nothing
    by_the_forms(client, okafor.username)
    okafor.refresh_from_db()
    assert (before.split("$")[0], okafor.password.split("$")[0]) == ("md5", "pbkdf2_sha256")
    decided = Decision.objects.get(action="password.set")
    entry = AuditEvent.objects.filter(table_name="accounts_user", operation="U", decision_id=decided.pk)
    assert (decided.actor, entry.count()) == (okafor, 1)


def test_the_notice_of_use_tells_that_a_password_was_set(client):
    okafor = make_user(Role.INVESTIGATOR)
    set_password(user=okafor, password=STRONG)
    code = code_of(okafor)
    client.post(LOGIN, {"login": okafor.username, "password": STRONG})
    client.post(CODE, {"code": code})
    assert "Your password was set in the last 90 days" in client.get(NOTICE).content.decode()


def test_a_wrong_old_password_is_called_that(client):
    person = make_user(Role.INVESTIGATOR)
    sign_in(client, person)
    said = {"oldpassword": "not this one", "password1": STRONG, "password2": STRONG}
    assert (
        "That is not your current password." in client.post(reverse("account_change_password"), said).content.decode()
    )
