"""AC-02: wrong passwords lock the password way of an account from where they come, and slow it from everywhere.

Five in fifteen minutes from one source: no password is looked at from there until an administrator or the shell
releases it. Twenty in a day from anywhere: a wait that grows, and no lock, for nobody shall keep a colleague out by
guessing. Sessions that are open and passkeys go on: the lock is of the password.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecpd.accounts.models import FailedPassword, PasswordLock, User
from ecpd.accounts.models.sign_in import EVERYWHERE, MOST, WINDOW_MINUTES
from ecpd.audit import labels
from ecpd.audit.services import record

WINDOW = timedelta(minutes=WINDOW_MINUTES)
MANY, DAY = 20, timedelta(hours=24)
SHORTEST, LONGEST = 5, 300  # seconds


class Closed(Exception):
    """No password is looked at: until the lock is released, or for `seconds` more."""

    def __init__(self, seconds: int | None = None) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        if self.seconds is None:
            return "Passwords are not taken from here any more. An administrator releases it; a passkey still works."
        return f"Too many wrong passwords. Try again in {self.seconds} s, or sign in with a passkey."


@dataclass(frozen=True)
class Attempt:
    """A password that is being looked at: counted as wrong until it is found right."""

    name: str
    source: str
    user: User | None
    failures: int


def closed(typed: str, source: str) -> Closed | None:
    """Whether the password way of the account of this name is closed from this source, and for how long."""
    return _closed(_name(typed)[0], source, timezone.now())


def begin(typed: str, source: str) -> Attempt:
    """Count an attempt before its password is looked at, so that a hundred at once are counted too. Raises Closed."""
    name, user = _name(typed)
    now = timezone.now()
    with transaction.atomic():
        _one_at_a_time(name)
        if refusal := _closed(name, source, now):
            raise refusal
        FailedPassword.objects.create(name=name, source=source, at=now)
        failures = _counted(name, source)
        if failures > MOST:
            _lock(name, user, source)
    if failures > MOST:
        raise Closed()
    return Attempt(name, source, user, failures)


def succeeded(attempt: Attempt) -> None:
    """The password was right: what failed before from the same source is forgotten."""
    with transaction.atomic():
        _one_at_a_time(attempt.name)  # who locks at this moment counts what is there
        FailedPassword.objects.filter(name=attempt.name, source=attempt.source).delete()


def failed(attempt: Attempt) -> None:
    """The password was wrong: the fifth locks."""
    if attempt.failures >= MOST:
        with transaction.atomic():
            _one_at_a_time(attempt.name)
            if _counted(attempt.name, attempt.source) >= MOST:
                _lock(attempt.name, attempt.user, attempt.source)


def release(*, user: User, actor: User | None) -> int:
    """Open every lock of an account and forget its failures; the number of locks. Called by the service."""
    name = _of_account(user)
    FailedPassword.objects.filter(name=name).delete()
    return PasswordLock.objects.filter(name=name, released_at__isnull=True).update(
        released_at=timezone.now(), released_by=actor
    )


def forget_old(now: datetime) -> int:
    """Delete tallies that count for nothing any more; their number."""
    return FailedPassword.objects.filter(at__lt=now - DAY).delete()[0]


def closed_page(request: HttpRequest, refusal: Closed) -> HttpResponse:
    """What a person sees whose password is not looked at, status 429."""
    response = render(request, "account/lockout.html", {"seconds": refusal.seconds}, status=429)
    if refusal.seconds is not None:
        response["Retry-After"] = str(refusal.seconds)
    return response


def _closed(name: str, source: str, now: datetime) -> Closed | None:
    if PasswordLock.objects.filter(name=name, source__in=[source, EVERYWHERE], released_at__isnull=True).exists():
        return Closed()
    times = FailedPassword.objects.filter(name=name, at__gt=now - DAY).order_by("-at").values_list("at", flat=True)
    many = list(times[: MANY + 10])
    if len(many) < MANY:
        return None
    wait = min(SHORTEST * 2 ** (len(many) - MANY), LONGEST)
    left = (many[0] + timedelta(seconds=wait) - now).total_seconds()
    return Closed(int(left) + 1) if left > 0 else None


def _counted(name: str, source: str) -> int:
    return FailedPassword.objects.filter(name=name, source=source, at__gt=timezone.now() - WINDOW).count()


def _name(typed: str) -> tuple[str, User | None]:
    """What failures are counted by, however the name was typed, and whose it is."""
    typed = typed.strip().replace("\x00", "")
    user = User.objects.filter(username__iexact=typed).first()
    if user is not None:
        return _of_account(user), user
    return hmac.new(settings.SECRET_KEY.encode(), typed.casefold().encode(), hashlib.sha256).hexdigest(), None


def _of_account(user: User) -> str:
    return f"account:{user.pk}"


def _one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ecpd.accounts.password'), hashtext(%s))", [name])


def _lock(name: str, user: User | None, source: str) -> None:
    _, new = PasswordLock.objects.get_or_create(
        name=name, source=source, released_at__isnull=True, defaults={"user": user}
    )
    if new and user is not None:
        record(actor=None, action="account.locked", actor_label=labels.UNKNOWN, subject=user,
               username=user.username, source=source)  # fmt: skip
