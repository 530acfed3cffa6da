"""AC-01: six-digit codes and recovery codes. Each is taken once, and guessing is slow, in whichever process it is tried.

allauth remembers used codes in a cache and counts guesses there; a cache here is one process's own, so both are kept in
the database instead. Method: RFC 6238, sections 4 and 5.2; RFC 4226, section 7.3 (throttling).
"""

import logging
from datetime import timedelta

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from ecpd.accounts.models import FactorState, User
from ecpd.accounts.models.factor_state import FAILURES, FIRST_MINUTES, LONGEST_HOURS

logger = logging.getLogger(__name__)

TYPED = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)  # whatever else is in the table takes no code
# After this many wrong codes in a row they are closed: 15 minutes, and twice as long each further time.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=FIRST_MINUTES), timedelta(hours=LONGEST_HOURS)


class CodesClosed(Exception):
    """Too many wrong codes: none is looked at before `until`. A passkey still opens."""

    def __init__(self, state: FactorState) -> None:
        super().__init__(f"{state.failures} wrong codes in a row.")
        self.until = state.closed_until


@transaction.atomic
def take(*, user: User, code: str) -> Authenticator | None:
    """The factor that this code belongs to, or None; a right code is used up. Raises CodesClosed."""
    state = locked_state(user)
    if state.closed_until and timezone.now() < state.closed_until:
        raise CodesClosed(state)
    authenticator = _matching(user, code, state)
    if authenticator is None:
        state.failures += 1
        if state.failures % FAILURES == 0:
            state.closed_until = timezone.now() + _pause(state.failures)
    else:
        state.failures, state.closed_until = 0, None
    state.save()
    return authenticator


def step_of(secret: str, code: str) -> int:
    """The 30 seconds whose code this is, now or a step around it; 0 for none."""
    steps = [step for step in totp.yield_hotp_counters_from_time() if compare_user_code(
        actual=code, expected=code_at(secret, step))]  # fmt: skip
    return max(steps, default=0)


def code_at(secret: str, step: int) -> str:
    """The six digits of this secret in these 30 seconds."""
    return totp.format_hotp_value(totp.hotp_value(secret, step))


@transaction.atomic
def use_up(*, user: User, step: int) -> None:
    """No code of these 30 seconds, or of those before, counts again."""
    state = locked_state(user)
    state.last_step = max(state.last_step, step)
    state.save(update_fields=["last_step"])


def locked_state(user: User) -> FactorState:
    """The account's row, locked: two tabs that try the same code go one after the other."""
    FactorState.objects.get_or_create(user_id=user.pk)
    return FactorState.objects.select_for_update().get(user_id=user.pk)


def _matching(user: User, code: str, state: FactorState) -> Authenticator | None:
    for authenticator in Authenticator.objects.filter(user_id=user.pk, type__in=TYPED):
        try:
            if _fits(authenticator, code, state):
                return authenticator
        except (InvalidToken, KeyError, TypeError, ValueError):  # what no page of ours has written
            logger.warning("Second factor %s of account %s cannot be read and is left out.", authenticator.pk, user.pk)
    return None


def _fits(authenticator: Authenticator, code: str, state: FactorState) -> bool:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return authenticator.wrap().validate_code(code)
    step = step_of(decrypt(authenticator.data["secret"]), code)
    if step <= state.last_step:
        return False
    state.last_step = step
    return True


def _pause(failures: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(failures // FAILURES - 1, 10), LONGEST_PAUSE)
