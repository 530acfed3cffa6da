"""A forgotten password: an administrator opens the way, and only the browser that asked can go it.

The person asks at the sign-in and is shown a number; the secret stays in that browser's session. The administrator, who
knows the face or the voice, types the number beside the account. Knowing it opens nothing for himself, and the second
factor is asked at the sign-in as ever (AC-01).
"""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from ecpd.accounts import lockout, sessions
from ecpd.accounts.api_tokens import revoke_all
from ecpd.accounts.models import PasswordReset, User
from ecpd.accounts.models.password_reset import MINUTES
from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.problem import ProblemError, StaleState

MOST_AN_HOUR = 10


class TooManyAsked(ProblemError):
    """More new passwords asked for from one source than people forget in an hour."""

    code = "too_many_tries"
    title = "Too many tries"
    status = 429


def ask(*, username: str, source: str) -> tuple[PasswordReset, str]:
    """The request and its secret, which goes into the session. Raises TooManyAsked. Says nothing of who exists."""
    hour = timezone.now() - timedelta(hours=1)
    if PasswordReset.objects.filter(source=source, asked_at__gt=hour).count() >= MOST_AN_HOUR:
        raise TooManyAsked("That was asked for too often from here. Call the help desk, extension 4100.")
    user = User.objects.filter(username__iexact=username.strip(), is_active=True).first()
    secret = secrets.token_urlsafe(32)
    digits = f"{secrets.randbelow(10**8):08d}"
    asked = PasswordReset.objects.create(
        user=user, number=f"{digits[:4]} {digits[4:]}", key_hash=_hash(secret), source=source
    )
    if user is not None:
        record(actor=None, action="account.password_forgotten", actor_label=labels.UNKNOWN, subject=user)
    return asked, secret


def of_browser(secret: str) -> PasswordReset | None:
    """What this browser asked for, while it can still come to something."""
    asked = PasswordReset.objects.filter(key_hash=_hash(secret)).select_related("user").first()
    return asked if asked is not None and (asked.is_waiting or asked.is_open) else None


def open_way(*, user: User, number: str, actor: User) -> PasswordReset:
    """Let the browser that shows this number set a new password for the account; its locks are released too.

    Raises StaleState for a number that nobody waits with, PolicyDenied for one's own account (AC-10).
    """
    digits = "".join(sign for sign in number if sign.isdigit())
    with policy.door(actor, "account.manage", user):
        waiting = PasswordReset.objects.select_for_update().filter(
            user=user, opened_at__isnull=True, asked_at__gt=timezone.now() - MINUTES
        )
        asked = next((one for one in waiting if one.number.replace(" ", "") == digits), None)
        if asked is None:
            raise StaleState(f"Nobody waits with this number for {user.display_name}. Ask for the number again.")
        asked.opened_at, asked.opened_by = timezone.now(), actor
        asked.save(update_fields=["opened_at", "opened_by"])
        lockout.release(user=user, actor=actor)
        record(actor=actor, action="account.password_opened", subject=user)
    return asked


def set_password(*, secret: str, password: str) -> User:
    """The new password of who was let in; every session and API token of the account ends by it.

    Raises StaleState when the way is not open, ValidationError for a weak password.
    """
    with transaction.atomic():
        asked = PasswordReset.objects.select_for_update().filter(key_hash=_hash(secret)).first()
        if asked is None or not asked.is_open:
            raise StaleState("The way to a new password is closed. Ask for it again.")
        user = User.objects.select_for_update().get(password_resets=asked)
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        sessions.end_all(user=user)
        revoke_all(user=user)
        asked.used_at = timezone.now()
        asked.save(update_fields=["used_at"])
        record(actor=user, action="account.password_set_anew", subject=user, opened_by=asked.opened_by.username)
    return user


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
