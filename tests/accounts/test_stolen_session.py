"""AC-01, AC-11: what somebody who has a session cookie, or was in the database once, cannot keep."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts import api_tokens, forgotten, rehearsal, services
from ecpd.accounts.factors import added_lately
from ecpd.accounts.models import ApiToken, Factor, PasswordReset, User
from tests.accounts.conftest import owner
from tests.factories.factors import add_passkey
from tests.signing_in import code_of, sign_in

pytestmark = pytest.mark.django_db
PAGE, STRONG = reverse("account_tokens"), "a long and unusual sentence"
A_YEAR = {"name": "Records", "scope": "all", "days": "365"}


@pytest.fixture
def token(okafor) -> ApiToken:
    """A key of the investigator's."""
    return api_tokens.make_token(owner=okafor, name="Records export", scope="read", days=30)[0]


def is_good(token: ApiToken) -> bool:
    """Whether it opens anything, as the database has it."""
    return ApiToken.objects.get(pk=token.pk).is_good


def saved(user: User, administrator: User, *, active: bool = True, roles=("investigator",)) -> None:
    """As the administrator's page saves an account."""
    changed = User.objects.get(pk=user.pk)
    changed.is_active = active
    services.save_account(user=changed, roles=roles, actor=administrator)


def test_a_session_of_six_minutes_makes_no_key(client, okafor):
    sign_in(client, okafor)
    session = client.session
    session["account_authentication_methods"] = [
        one | {"at": one["at"] - 360} for one in session["account_authentication_methods"]
    ]
    session.save()
    assert client.get(PAGE).status_code == 200
    asked = client.post(PAGE, A_YEAR)
    assert (asked.status_code, asked.url.partition("?")[0]) == (302, reverse("mfa_reauthenticate"))
    assert not ApiToken.objects.exists()


def test_a_key_ends_with_its_account_and_stays_ended(token, okafor, administrator):
    saved(okafor, administrator, active=False)
    assert not is_good(token)
    saved(okafor, administrator, active=True)
    assert not is_good(token)


def test_a_key_ends_with_a_role_and_stays_ended(token, okafor, administrator):
    saved(okafor, administrator, roles=("investigator", "drone_pilot"))
    assert is_good(token), "More than before takes nothing away."
    saved(okafor, administrator, roles=("drone_pilot",))
    assert not is_good(token)
    okafor.groups.add(Group.objects.get(name="drone_pilot"))
    assert not is_good(token)


def test_a_key_ends_with_a_forgotten_password(token, okafor, administrator):
    rehearsal.app_of(okafor)
    _, secret = forgotten.ask(username="okafor", source="")
    forgotten.open_way(user=okafor, number=PasswordReset.objects.latest("pk").number, actor=administrator)
    forgotten.set_password(secret=secret, password=STRONG, code=code_of(okafor))
    assert not is_good(token)


def test_the_sign_in_of_whoever_added_a_factor_hides_it_from_nobody(okafor):
    rehearsal.app_of(okafor)
    added = Factor.objects.get(pk=add_passkey(okafor).pk)
    with connection.cursor() as cursor:  # the role may write this column
        cursor.execute("UPDATE accounts_user SET last_login = now() + interval '1 minute' WHERE id = %s", [okafor.pk])
    okafor.refresh_from_db()
    assert added.pk in {one.factor for one in added_lately(okafor)}
    with owner(asleep=True) as cursor:
        cursor.execute("UPDATE accounts_factoradded SET at = %s", [timezone.now() - timedelta(days=91)])
    assert added_lately(okafor) == []
