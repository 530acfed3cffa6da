"""The portal without accounts: a link by e-mail opens somebody's own applications and permits. Tokens are hashed."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ecpd.policy import engine as policy
from parking.models import PermitLink, PermitTry
from parking.services.permit_mail import post
from parking.services.tries import HOUR, TooManyTries, keyed, one_at_a_time, refuse_too_fast

__all__ = ["TooManyTries", "Tries", "clear_old", "email_of", "send_link", "use_link"]


@dataclass(frozen=True)
class Tries:
    """The tries of one network address."""

    kind: str
    address: str

    def refuse_too_fast(self) -> None:
        """Raises TooManyTries when the manual's number for an hour is reached and the last was just now."""
        one_at_a_time(keyed(self.address))
        now = timezone.now()
        recent = PermitTry.objects.filter(address=keyed(self.address), kind=self.kind, at__gte=now - HOUR)
        free = int(policy.parameter("permit_tries_per_hour"))
        refuse_too_fast(list(recent.values_list("at", flat=True)), free=free, now=now)

    def count(self, about: str = "") -> None:
        """Count one, `about` an e-mail address where there is one."""
        PermitTry.objects.create(kind=self.kind, address=keyed(self.address), about=keyed(about) if about else "")


def send_link(*, email: str, address: str, url_of: Callable[[str], str]) -> str:
    """Mail a link to an e-mail address, whether or not it is known here; gives the link for a demonstration to show.

    `url_of` makes the address of a token. `address` is the network address. Raises TooManyTries.
    """
    email = email.strip().lower()
    token, hours = secrets.token_urlsafe(32), int(policy.parameter("permit_link_hours"))
    with transaction.atomic():
        tries = Tries("link", address)
        tries.refuse_too_fast()
        _refuse_to_fill_a_mailbox(email)
        tries.count(about=email)
        PermitLink.objects.create(
            token_hash=token_hash(token), email=email, expires_at=timezone.now() + timedelta(hours=hours)
        )
    url = url_of(token)
    post(to=email, about="link", url=url, hours=hours)
    return url


def _refuse_to_fill_a_mailbox(email: str) -> None:
    """Raises TooManyTries. Whoever asked for them, the links went to the one they are for, and work."""
    one_at_a_time(keyed(email))
    sent = PermitTry.objects.filter(kind="link", about=keyed(email), at__gte=timezone.now() - HOUR).count()
    if sent >= int(policy.parameter("permit_tries_per_hour")):
        raise TooManyTries(f"{sent} links were sent to this address within the hour. Open the newest of them.")


def email_of(token: str) -> str:
    """The e-mail address a link was sent to, "" when it is no link, was used, or its time is over."""
    found = PermitLink.objects.filter(token_hash=token_hash(token), expires_at__gt=timezone.now()).first()
    return found.email if found else ""


def use_link(token: str) -> str:
    """Open a link, which works once: the e-mail address it was sent to, "" when it does not work any more."""
    with transaction.atomic():
        live = PermitLink.objects.select_for_update().filter(
            token_hash=token_hash(token), expires_at__gt=timezone.now()
        )
        found = live.first()
        if found is None:
            return ""
        found.delete()
        return found.email


def clear_old() -> int:
    """Forget links whose time is over and tries of more than a day ago; returns how many."""
    links = PermitLink.objects.filter(expires_at__lt=timezone.now()).delete()[0]
    return links + PermitTry.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def token_hash(token: str) -> str:
    """SHA-256 of a link's token, hex: what is kept opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
