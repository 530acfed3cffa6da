"""AC-01: the one way back for who has lost every second factor: a command in the shell, and the code it prints."""

import getpass
import hashlib
import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from ecpd.accounts import enrolment, sessions
from ecpd.accounts.api_tokens import revoke_all
from ecpd.accounts.factors import has_factor
from ecpd.accounts.models import FactorState, Rescue, User
from ecpd.audit import labels
from ecpd.audit.services import record

GOOD_FOR = timedelta(hours=24)
TRIES = 5
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
KEPT = "ecpd_rescue"


@transaction.atomic
def rescue(*, user: User, why: str) -> str:
    """Take the account's second factors away, end its sessions, and return the code that lets it set up a new one.

    Runs as the database's owner. The code is good once, for a day.
    """
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    now = timezone.now()
    Rescue.objects.filter(user=user, used_at=None, ends_at__gt=now).update(ends_at=now)
    Rescue.objects.create(user=user, why=why, code_hash=_hash(code), made_at=now, ends_at=now + GOOD_FOR)
    taken = Authenticator.objects.filter(user_id=user.pk)
    kinds = sorted(taken.values_list("type", flat=True))
    taken.delete()
    sessions.end_all(user=user)
    revoke_all(user=user)
    record(actor=None, action="account.rescued", subject=user, why=why, took_away=kinds, shell_user=getpass.getuser())
    return code


def way(request: HttpRequest, user: User) -> str:
    """How an account without a second factor may go on: "set_up", "code" (a rescue waits for its code), or "closed"."""
    state = FactorState.objects.filter(user_id=user.pk).first()
    if state is None or state.first_at is None:
        return enrolment.way(request, state) if state else "set_up"
    waiting = waiting_for(user)
    if waiting is None or has_factor(user):
        return "closed"
    return "set_up" if request.session.get(KEPT) == waiting.pk else "code"


def waiting_for(user: User) -> Rescue | None:
    """The account's rescue that is still good."""
    return user.rescues.filter(used_at=None, ends_at__gt=timezone.now(), tries__lt=TRIES).first()


@transaction.atomic
def enter(*, request: HttpRequest, user: User, code: str) -> bool:
    """Whether this is the code of the account's rescue; from then on this session may set up a factor."""
    waiting = waiting_for(user)
    waiting = waiting and Rescue.objects.select_for_update().get(pk=waiting.pk)
    if waiting is None or waiting.tries >= TRIES:
        return False
    if not secrets.compare_digest(waiting.code_hash, _hash(code)):
        Rescue.objects.filter(pk=waiting.pk).update(tries=F("tries") + 1)
        record(actor=None, action="account.rescue_failed", actor_label=labels.UNKNOWN, subject=user)
        return False
    request.session[KEPT] = waiting.pk
    return True


def _hash(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter in LETTERS)
    return hashlib.sha256(letters.encode()).hexdigest()
