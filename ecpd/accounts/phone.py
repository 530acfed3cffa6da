"""The invented phone of a demo account: what its authenticator app shows. Called in the demo only."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from ecpd.accounts import codes
from ecpd.accounts.models import FactorState

PERIOD = 30  # seconds, RFC 6238


class NoCode(Exception):
    """The account has no app, or its codes of this minute are used; the message says which."""


def code_now(username: str) -> str:
    """The code of these 30 seconds, or of the next once that is used. Raises NoCode."""
    app = Authenticator.objects.filter(user__username=username, type=Authenticator.Type.TOTP).first()
    if app is None:
        raise NoCode(f"{username} has no authenticator app. The names stand in the list of `make run`.")
    used = FactorState.objects.filter(user_id=app.user_id).values_list("last_step", flat=True).first() or 0
    now = int(time.time()) // PERIOD
    if used > now:
        seconds = (used + 1) * PERIOD - PERIOD - int(time.time())
        raise NoCode(f"Two codes were used within the minute. Ask again in {seconds} seconds.")
    return codes.code_at(decrypt(app.data["secret"]), max(now, used + 1))
