"""Making, using and revoking tokens of the API. A token is made in a session that passed the second factor (AC-01)."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from ecpd.accounts.models import ApiToken, User
from ecpd.accounts.models.api_token import LONGEST_DAYS
from ecpd.accounts.roles import OWN_HANDS
from ecpd.policy import engine as policy

NOTED_EVERY = timedelta(minutes=1)


def hashed(key: str) -> str:
    """SHA-256 of a key, hex: keys are random and long, so that no slow hash is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_token(*, owner: User, name: str, scope: str, days: int, actions: Collection[str] = ()) -> tuple[ApiToken, str]:
    """The token and its key, which is never seen again.

    Raises ValidationError for a name without words, an end too far away, or actions that the role does not open.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(f"A token lasts from 1 to {LONGEST_DAYS} days.")
    if closed := sorted(name for name in actions if name in OWN_HANDS or not owner.may(name)):
        raise ValidationError(f"Your role does not open: {', '.join(closed)}.")
    key = f"ecpd_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        owner=owner, name=name.strip(), key_hash=hashed(key), hint=key[:9], scope=scope,
        actions=sorted(actions) if scope == ApiToken.Scope.ACTIONS else [],
        expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    if scope == ApiToken.Scope.ACTIONS and not token.actions:
        raise ValidationError("Name at least one action.")
    with policy.door(owner, "token.make", token, name=token.name):
        token.full_clean()
        token.save()
    return token, key


def revoke_token(*, token: ApiToken, actor: User) -> ApiToken:
    """End a token at once: one's own, or as an administrator anybody's."""
    with policy.door(actor, "token.revoke", token):
        token.revoked_at, token.revoked_by = timezone.now(), actor
        token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def revoke_all(*, user: User) -> int:
    """End every token of an account, by a rescue or a new password; how many there were."""
    return ApiToken.objects.filter(owner=user, revoked_at__isnull=True).update(revoked_at=timezone.now())


def good_token(key: str) -> ApiToken | None:
    """The token of this key, when it opens anything now."""
    token = ApiToken.objects.filter(key_hash=hashed(key)).first()
    return token if token is not None and token.is_good else None


def note_use(token: ApiToken, source: str) -> None:
    """When and from where it was last used, once a minute."""
    now = timezone.now()
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - NOTED_EVERY)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now, last_used_from=source)


def tokens_for(user: User):
    """The tokens that a person may end: one's own; every good one for administrators."""
    if user.may("account.manage"):
        good = Q(revoked_at__isnull=True, expires_at__gt=timezone.now())
        return ApiToken.objects.filter(good | Q(owner=user)).select_related("owner")
    return ApiToken.objects.filter(owner=user).select_related("owner")
