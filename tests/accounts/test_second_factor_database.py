"""AC-01, AC-11 in the database: what the application's own role cannot do to second factors and sessions."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from ecpd.accounts import codes, rehearsal
from ecpd.accounts.models import FactorState, Rescue, User
from ecpd.accounts.roles import Role
from tests.accounts.conftest import owner
from tests.factories.factors import APP, CODES, add_passkey, passkey
from tests.factories.leads import allowed_on
from tests.factories.people import make_user
from tests.signing_in import code_of, secret_of

pytestmark = pytest.mark.django_db


def refused(sql: str, *values, state: str = "23514") -> str:
    """The sentence with which the database refuses this; fails when it does not, or for another reason."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    assert refusal.value.__cause__.sqlstate == state
    return str(refusal.value)


@pytest.fixture
def app(okafor) -> Authenticator:
    """The investigator's authenticator app."""
    return rehearsal.app_of(okafor)


ONE = "DELETE FROM mfa_authenticator WHERE id = %s"


@pytest.mark.django_db(transaction=True)
def test_the_last_factor_stays_whoever_deletes_it(okafor):
    app = rehearsal.app_of(okafor)
    assert "last second factor" in refused(ONE, app.pk)
    key = add_passkey(okafor)
    with pytest.raises(DatabaseError, match="last second factor"), transaction.atomic():
        allowed_on(okafor, "factor.remove", okafor)
        Authenticator.objects.all().delete()  # both in one statement
    with transaction.atomic():
        allowed_on(okafor, "factor.remove", okafor)
        app.delete()
    assert "last second factor" in refused(ONE, key.pk)


@pytest.mark.django_db(transaction=True)
def test_a_factor_goes_by_its_own_persons_decision_only(okafor):
    app = rehearsal.app_of(okafor)
    add_passkey(okafor)
    raman = make_user(Role.ADMINISTRATOR, username="raman")
    assert "own person's decision" in refused(ONE, app.pk)
    for actor, subject, action in (
        (raman, okafor, "factor.remove"),
        (okafor, raman, "factor.remove"),
        (okafor, okafor, "token.make"),
    ):
        with pytest.raises(DatabaseError, match="own person's decision"), transaction.atomic():
            allowed_on(actor, action, subject)
            app.delete()
    codes_kept = Authenticator.objects.create(user=okafor, type="recovery_codes", data=CODES)
    assert "own person's decision" in refused(ONE, codes_kept.pk)


def test_what_was_added_a_moment_ago_does_not_let_the_others_go(app, okafor):
    """Two statements: something that looks like a passkey, and the app is gone."""
    add_passkey(okafor)
    allowed_on(okafor, "factor.remove", okafor)
    assert "last second factor" in refused(ONE, app.pk)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("webauthn", {"credential": {"a": "b"}, "name": "x"}),
        ("webauthn", {"credential": passkey()["credential"] | {"response": {}}}),
        ("webauthn", {"credential": passkey()["credential"] | {"rawId": {"x": 1}}}),
        ("totp", {"secret": "x"}),
        ("totp", APP | {"secret": 7}),
        ("recovery_codes", {"used_mask": 0}),
        ("recovery_codes", {"used_mask": "0", "seed": APP["secret"]}),
    ],
)
def test_what_nothing_can_answer_for_is_no_second_factor(okafor, kind, data):
    sql = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, %s, %s, now())"
    assert "with what it is asked by" in refused(sql, okafor.pk, kind, json.dumps(data))


def test_codes_that_cannot_be_read_keep_nobody_from_the_app(app, okafor):
    Authenticator.objects.create(user=okafor, type="recovery_codes", data=CODES)
    assert codes.take(user=okafor, code="00000000") is None
    assert codes.take(user=okafor, code=code_of(okafor)) == app


@pytest.mark.parametrize(
    "change",
    [
        "user_id = (SELECT id FROM accounts_user WHERE username = 'raman')",
        "type = 'webauthn'",
        """data = '{"secret": "another"}'""",
        "data = '{}'",
        "data = (SELECT data FROM mfa_authenticator a JOIN accounts_user u ON u.id = a.user_id WHERE username = 'raman')",
    ],
)
def test_a_factor_is_not_given_to_another_or_swapped(app, change):
    rehearsal.app_of(make_user(Role.CHIEF, username="raman"))
    assert "is not changed" in refused(f"UPDATE mfa_authenticator SET {change} WHERE id = %s", app.pk)


def test_a_passkey_is_renamed_and_not_swapped(app, okafor):
    key = Authenticator.objects.create(user=okafor, type="webauthn", data=passkey())
    Authenticator.objects.filter(pk=key.pk).update(data=passkey("phone"))
    sql = "UPDATE mfa_authenticator SET data = jsonb_set(data, '{credential,id}', '\"b\"') WHERE id = %s"
    assert "is not changed" in refused(sql, key.pk)


def test_a_recovery_code_that_was_used_or_shown_stays_so(okafor, app):
    kept = Authenticator.objects.create(
        user=okafor, type="recovery_codes", data=CODES | {"used_mask": 5, "viewed_at": 1}
    )
    for change in ("'{used_mask}', '4'", "'{used_mask}', '2'", "'{viewed_at}', '2'"):
        sql = f"UPDATE mfa_authenticator SET data = jsonb_set(data, {change}) WHERE id = %s"
        assert "counts once" in refused(sql, kept.pk)
    for change in ("data - 'viewed_at'", "data - 'used_mask'"):
        assert "counts once" in refused(f"UPDATE mfa_authenticator SET data = {change} WHERE id = %s", kept.pk)
    kept.data["used_mask"] = 7
    kept.save()


def test_a_code_that_was_used_stays_used(okafor, app):
    codes.use_up(user=okafor, step=100)
    assert "not taken again" in refused("UPDATE accounts_factorstate SET last_step = 99")
    assert "not taken again" in refused("UPDATE accounts_factorstate SET first_at = NULL")
    refused("DELETE FROM accounts_factorstate", state="42501")


def test_a_first_factor_is_set_up_once(okafor, app):
    """As if somebody had found a way to be rid of the old one."""
    with owner(asleep=True) as cursor:
        cursor.execute("DELETE FROM mfa_authenticator")
    sql = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'webauthn', %s, now())"
    assert "set up once" in refused(sql, okafor.pk, json.dumps(passkey()))


def test_the_application_opens_no_rescue_and_prolongs_none(okafor):
    sql = (
        "INSERT INTO accounts_rescue (user_id, code_hash, why, made_at, ends_at, tries)"
        " VALUES (%s, 'x', 'Lost the phone.', now(), now() + interval '1 day', 0)"
    )
    refused(sql, okafor.pk, state="42501")
    with owner() as cursor:
        cursor.execute(sql, [okafor.pk])
    for change in ("ends_at = ends_at + interval '1 minute'", "code_hash = 'y'", "why = 'z'", "tries = -1"):
        refused(f"UPDATE accounts_rescue SET {change}")
    Rescue.objects.update(used_at=F("made_at"), tries=1)
    assert "used once" in refused("UPDATE accounts_rescue SET used_at = NULL")
    refused("DELETE FROM accounts_rescue", state="42501")


def epoch(user: User) -> int:
    """As the database has it."""
    return User.objects.get(pk=user.pk).session_epoch


def test_every_way_of_changing_roles_or_use_moves_the_epoch(okafor):
    seen = [epoch(okafor)]
    chief = okafor.groups.model.objects.get_or_create(name="chief")[0]
    for change in (
        lambda: okafor.groups.clear(),
        lambda: okafor.groups.add(chief),
        lambda: connection.cursor().execute("DELETE FROM accounts_user_groups WHERE user_id = %s", [okafor.pk]),
        lambda: User.objects.filter(pk=okafor.pk).update(is_active=False),
        lambda: connection.cursor().execute("UPDATE accounts_user SET is_active = true WHERE id = %s", [okafor.pk]),
    ):
        change()
        seen.append(epoch(okafor))
    assert seen == sorted(set(seen))


def test_a_stale_copy_or_a_lower_number_brings_no_epoch_back(okafor):
    stale = User.objects.get(pk=okafor.pk)
    now = epoch(okafor) + 2
    User.objects.filter(pk=okafor.pk).update(session_epoch=now)
    stale.save()
    assert epoch(okafor) == now
    User.objects.filter(pk=okafor.pk).update(session_epoch=1)
    assert epoch(okafor) == now


def test_no_epoch_is_so_great_that_the_account_cannot_be_disabled(okafor):
    """Raised to the greatest number there is, it could not rise any more with the account's end (AC-11)."""
    with pytest.raises(DatabaseError, match=re.escape("AC-07: This does not change any more")), transaction.atomic():
        User.objects.filter(pk=okafor.pk).update(session_epoch=2147483647)
    born = User.objects.create(username="born", session_epoch=2147483647)
    User.objects.filter(pk=born.pk).update(is_active=False)
    assert epoch(born) == 2


def test_renewed_secrets_are_the_same_and_only_the_owner_renews(okafor, app, settings):
    before = rehearsal.app_of(okafor).data["secret"]
    settings.FACTOR_KEYS = [Fernet.generate_key().decode(), *settings.FACTOR_KEYS]
    with pytest.raises(DatabaseError, match=re.escape("AC-01")), transaction.atomic():
        call_command("renew_factor_secrets")
    with owner():
        call_command("renew_factor_secrets")
    settings.FACTOR_KEYS = settings.FACTOR_KEYS[:1]
    assert len(secret_of(okafor)) == 32
    assert rehearsal.app_of(okafor).data["secret"] != before
    assert FactorState.objects.get(user=okafor).first_at is not None
