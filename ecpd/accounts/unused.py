"""AC-05: an account that nobody used for 90 days is disabled; an administrator enables it again."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from ecpd.accounts import sessions
from ecpd.accounts.models import User
from ecpd.accounts.models.user import UNUSED_DAYS
from ecpd.accounts.roles import Role
from ecpd.audit.services import record

UNUSED = timedelta(days=UNUSED_DAYS)


def with_last_use() -> QuerySet[Any]:
    """Accounts in use with `last_use`: made, enabled again, signed in, or a token of theirs used, whichever is latest."""
    used = User.objects.filter(is_active=True).annotate(token_used=Max("api_tokens__last_used_at"))
    return used.annotate(last_use=Greatest("date_joined", "enabled_at", "last_login", F("token_used")))


def disable_unused() -> list[User]:
    """Disable them, each on the record; safe to run twice. The last administrator stays, and doctor names the account.

    Of several unused administrators the one used last stays where no other is left.
    """
    before = timezone.now() - UNUSED
    return [user for pk in _unused(before) if (user := _disable(pk, before)) is not None]


def lonely_administrator() -> User | None:
    """The administrator who stays only because there is no other."""
    administrators = list(with_last_use().filter(groups__name=Role.ADMINISTRATOR))
    unused = [one for one in administrators if one.last_use < timezone.now() - UNUSED]
    return unused[0] if len(administrators) == 1 and unused else None


def _unused(before: datetime) -> list[int]:
    return list(with_last_use().filter(last_use__lt=before).order_by("last_use").values_list("pk", flat=True))


@transaction.atomic
def _disable(pk: int, before: datetime) -> User | None:
    """One of them, unless it was used meanwhile. Administrators are locked together: two runs do not disable the last."""
    administrators = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR).order_by("pk")
    left = {one.pk for one in administrators.select_for_update(of=("self",))}
    user = User.objects.select_for_update().get(pk=pk)
    now = with_last_use().filter(pk=pk, last_use__lt=before).first()
    if now is None or left == {pk}:
        return None
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_all(user=user)
    record(actor=None, action="account.disabled_unused", subject=user, last_use=now.last_use.isoformat())
    return user
