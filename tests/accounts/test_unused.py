"""AC-05: accounts unused for 90 days are disabled, never the last administrator; only an administrator enables them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts.api_tokens import make_token
from ecpd.accounts.models import ApiToken, User
from ecpd.accounts.roles import Role
from ecpd.accounts.services import save_account
from ecpd.accounts.tasks import night
from ecpd.accounts.unused import disable_unused, lonely_administrator
from ecpd.audit.models import AuditEvent
from ecpd.doctor.accounts import administrators
from tests.factories.leads import allowed_on
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
LONG_AGO, LATELY = timezone.now() - timedelta(days=91), timezone.now() - timedelta(days=89)


def unused(role: Role = Role.INVESTIGATOR, *, joined=LONG_AGO, **fields) -> User:
    """An account made and last used long ago."""
    since = {name: fields.pop(name) for name in ("last_login", "enabled_at") if name in fields}
    user = make_user(role, date_joined=joined, **fields)
    row = User.objects.filter(pk=user.pk)
    if "enabled_at" in since:  # it comes with the return into use, and with nothing else
        allowed_on(make_user(Role.ADMINISTRATOR), "account.manage", user)
        row.update(is_active=False)
        row.update(is_active=True, **since)
    elif since:
        row.update(**since)
    return user


def test_what_nobody_used_is_disabled_once_and_on_the_record(administrator):
    user = unused()
    night()
    night()
    assert not User.objects.get(pk=user.pk).is_active
    event = AuditEvent.objects.get(action="account.disabled_unused")
    assert (event.actor_label, event.subject_id) == ("System", str(user.pk))


@pytest.mark.parametrize("fields", [{"joined": LATELY}, {"last_login": LATELY}, {"enabled_at": LATELY}])
def test_what_was_used_stays(administrator, fields):
    unused(**fields)
    assert disable_unused() == []


def test_a_token_in_use_is_use(administrator):
    user = unused()
    make_token(owner=user, name="Records", scope="read", days=1)
    ApiToken.objects.update(last_used_at=LATELY)
    assert disable_unused() == []


def test_the_last_administrator_stays_and_is_named():
    oldest, last = unused(Role.ADMINISTRATOR, joined=LONG_AGO - timedelta(days=9)), unused(Role.ADMINISTRATOR)
    assert lonely_administrator() is None
    assert disable_unused() == [oldest]
    assert disable_unused() == []
    assert User.objects.get(pk=last.pk).is_active
    assert last.username in administrators().sentence


def test_an_unused_administrator_goes_where_another_is_at_work(administrator):
    idle = unused(Role.ADMINISTRATOR)
    assert disable_unused() == [idle]
    assert administrators().state == "ok"


def test_who_is_enabled_again_is_not_disabled_the_next_night(administrator):
    user = unused()
    disable_unused()
    user.refresh_from_db()
    user.is_active = True
    save_account(user=user, roles=["investigator"], actor=administrator)
    assert disable_unused() == []
    assert User.objects.get(pk=user.pk).role_names == {"investigator"}


def test_administrators_are_told_whom_it_met_and_auditors_what_changed(client, administrator):
    user = unused(last_name="Quillon")
    disable_unused()
    sign_in(client, administrator)
    assert "Unused accounts were disabled" in client.get(INDEX).content.decode()
    save_account(user=user, roles=["captain"], actor=administrator)
    sign_in(client, make_user(Role.AUDITOR))
    page = client.get(INDEX).content.decode()
    assert "Accounts or roles changed" in page
    assert "Quillon" in page
