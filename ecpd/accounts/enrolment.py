"""AC-01: the first second factor of a new account is set up with a code that its administrator hands over, once.

The password alone is what an outsider can guess before its owner has ever signed in; with the code it opens nothing to
him. Accounts that nobody gave a code (the first administrator, made in the shell; those of older versions) set up with
their password: an administrator closes that by giving one.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from ecpd.accounts.codes import locked_state
from ecpd.accounts.factors import has_factor
from ecpd.accounts.models import FactorState, User
from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.problem import StaleState

GOOD_FOR = timedelta(days=14)
TRIES = 5
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
KEPT = "ecpd_enrolment"


def give_code(*, user: User, actor: User) -> str:
    """A code for an account that never had a second factor; an older one counts no more.

    Raises PolicyDenied, StaleState once it had one: then only a rescue opens the way.
    """
    with policy.door(actor, "account.manage", user):
        if has_factor(user) or locked_state(user).first_at is not None:
            raise StaleState("This account has set up its second factor. Only a rescue opens that again.")
        return code_for(user=user, actor=actor)


def code_for(*, user: User, actor: User) -> str:
    """The same inside a door that is open already."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    state = locked_state(user)
    state.enrol_hash, state.enrol_tries, state.enrol_until = hashed(code), 0, timezone.now() + GOOD_FOR
    state.enrol_by = actor
    state.save(update_fields=["enrol_hash", "enrol_tries", "enrol_until", "enrol_by"])
    record(actor=actor, action="account.enrolment_code_given", subject=user)
    return code


def way(request: HttpRequest, state: FactorState) -> str:
    """How an account goes on that never had a second factor: "set_up", "code", or "closed" once the code is over."""
    if not state.enrol_hash or request.session.get(KEPT) == state.enrol_hash:
        return "set_up"
    return "code" if _is_good(state) else "closed"


@transaction.atomic
def enter(*, request: HttpRequest, user: User, code: str) -> bool:
    """Whether this is the code; from then on this session may set up the first second factor."""
    state = locked_state(user)
    if not _is_good(state) or state.first_at is not None:
        return False
    if not secrets.compare_digest(state.enrol_hash, hashed(code)):
        state.enrol_tries += 1
        state.save(update_fields=["enrol_tries"])
        record(actor=None, action="account.enrolment_failed", actor_label=labels.UNKNOWN, subject=user)
        return False
    request.session[KEPT] = state.enrol_hash
    return True


def hashed(code: str) -> str:
    """SHA-256 of a code, hex, however it is typed."""
    letters = "".join(letter for letter in code.upper() if letter in LETTERS)
    return hashlib.sha256(letters.encode()).hexdigest()


def _is_good(state: FactorState) -> bool:
    return state.enrol_until is not None and timezone.now() < state.enrol_until and state.enrol_tries < TRIES
