"""A forgotten password: an administrator opens the way, and only the browser that asked can go it.

The person asks at the sign-in and is shown a number; the secret stays in that browser's session. The administrator, who
knows the face or the voice, types the number beside the account. He may have asked himself, in the other's name: so the
new password is taken with a code of the account's own second factor only (AC-01). For a person who lost it, a second
administrator types the same number.
"""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from ecpd.accounts import codes, lockout, services, sessions
from ecpd.accounts.api_tokens import revoke_all
from ecpd.accounts.models import PasswordReset, User
from ecpd.accounts.models.password_reset import MINUTES
from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.problem import ProblemError, StaleState

MOST_AN_HOUR = 10


class WrongCode(Exception):
    """The code is none of the account's second factors'; the words say what to do."""


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

    From a second administrator it stands in for a lost second factor. Raises StaleState for a number that nobody waits
    with, or that the same administrator typed already, PolicyDenied for one's own account (AC-10).
    """
    digits = "".join(sign for sign in number if sign.isdigit())
    with policy.door(actor, "account.manage", user):
        lately = PasswordReset.objects.select_for_update().filter(user=user, asked_at__gt=timezone.now() - 2 * MINUTES)
        waiting = [one for one in lately if one.number.replace(" ", "") == digits]
        asked = next((one for one in waiting if one.is_waiting or one.is_open), None)
        if asked is None:
            raise StaleState(f"Nobody waits with this number for {user.display_name}. Ask for the number again.")
        if asked.opened_at is None:
            _open(asked, user, actor)
        else:
            _second(asked, actor)
    return asked


def _open(asked: PasswordReset, user: User, actor: User) -> None:
    asked.opened_at, asked.opened_by = timezone.now(), actor
    asked.save(update_fields=["opened_at", "opened_by"])
    lockout.release(user=user, actor=actor)
    record(actor=actor, action="account.password_opened", subject=user)


def _second(asked: PasswordReset, actor: User) -> None:
    if actor == asked.opened_by or asked.seconded_at is not None:
        raise StaleState(
            "This number was typed already. Where the second factor is lost, a second administrator types it."
        )
    asked.seconded_at, asked.seconded_by = timezone.now(), actor
    asked.save(update_fields=["seconded_at", "seconded_by"])
    record(actor=actor, action="account.password_seconded", subject=asked.user, opened_by=asked.opened_by.username)


def set_password(*, secret: str, password: str, code: str = "") -> User:
    """The new password of who was let in; every session and API token of the account ends by it.

    Raises StaleState when the way is not open, ValidationError for a weak password, and WrongCode when no second
    administrator spoke for the person and the code is none of the account's. A wrong code counts as at the sign-in.
    """
    asked, person = _open_way_of(of_browser(secret))
    validate_password(password, person)
    factor = _taken(person, code) if asked.needs_factor else None
    with policy.door(person, "password.set", person):
        asked, _ = _open_way_of(PasswordReset.objects.select_for_update().filter(key_hash=_hash(secret)).first())
        user = User.objects.select_for_update().get(password_resets=asked)
        services.keep_password(user, password)
        sessions.end_all(user=user)
        revoke_all(user=user)
        asked.used_at, asked.factor = timezone.now(), factor
        asked.save(update_fields=["used_at", "factor"])
        record(actor=user, action="account.password_set_anew", subject=user, opened_by=asked.opened_by.username)
    return user


def _open_way_of(asked: PasswordReset | None) -> tuple[PasswordReset, User]:
    """A reset by which a new password may be set now, and whose it is. Raises StaleState otherwise."""
    if asked is None or asked.user is None or not asked.is_open:
        raise StaleState("The way to a new password is closed. Ask for it again.")
    return asked, asked.user


def _taken(user: User, code: str) -> int:
    """The id of the factor whose code this is, noted as used now. Kept whatever becomes of the password: codes count once."""
    try:
        factor = codes.take(user=user, code=code.strip())
    except codes.CodesClosed as closed:
        raise WrongCode(
            f"Too many wrong codes: the next is looked at after {timezone.localtime(closed.until):%H:%M}."
        ) from None
    if factor is None:
        raise WrongCode(
            "This is no code of your second factor. Type the newest six digits of your app, or a recovery code you have "
            "not used. Lost all of them? Ask for a second administrator to type your number."
        )
    factor.record_usage()
    return factor.pk


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
