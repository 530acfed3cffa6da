"""The portal without accounts: a link by e-mail opens somebody's own applications and permits. Tokens are hashed."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ecpd.policy import engine as policy
from ecpd.problem import ProblemError
from parking.models import PermitLink, PermitTry
from parking.services.permit_mail import post

HOUR = timedelta(hours=1)


class TooManyTries(ProblemError):
    """More tries than the manual lets one network or e-mail address have in an hour."""

    code = "too_many_tries"
    title = "Too many tries"
    status = 429


@dataclass(frozen=True)
class Tries:
    """The tries of one network address, and about one e-mail address where there is one."""

    kind: str
    address: str
    about: str = ""

    def refuse_too_many(self) -> None:
        """Raises TooManyTries when the manual's number for an hour is reached."""
        same = Q(address=keyed(self.address)) | (Q(about=keyed(self.about)) if self.about else Q(pk__in=[]))
        recent = PermitTry.objects.filter(same, kind=self.kind, at__gte=timezone.now() - HOUR).count()
        if recent >= int(policy.parameter("permit_tries_per_hour")):
            phone = policy.parameter("citation_phone")
            raise TooManyTries(f"That was tried too often. Wait an hour, or call {phone}.")

    def count(self) -> None:
        """Count one."""
        PermitTry.objects.create(
            kind=self.kind, address=keyed(self.address), about=keyed(self.about) if self.about else ""
        )


def send_link(*, email: str, address: str, url_of: Callable[[str], str]) -> str:
    """Mail a link to an e-mail address, whether or not it is known here; gives the link for a demonstration to show.

    `url_of` makes the address of a token. `address` is the network address. Raises TooManyTries.
    """
    email = email.strip().lower()
    tries = Tries("link", address, about=email)
    tries.refuse_too_many()
    tries.count()
    token, hours = secrets.token_urlsafe(32), int(policy.parameter("permit_link_hours"))
    PermitLink.objects.create(
        token_hash=token_hash(token), email=email, expires_at=timezone.now() + timedelta(hours=hours)
    )
    url = url_of(token)
    post(to=email, about="link", url=url, hours=hours)
    return url


def email_of(token: str) -> str:
    """The e-mail address a link was sent to, "" when it is no link or its time is over."""
    found = PermitLink.objects.filter(token_hash=token_hash(token), expires_at__gt=timezone.now()).first()
    return found.email if found else ""


def clear_old() -> int:
    """Forget links whose time is over and tries of more than a day ago; returns how many."""
    links = PermitLink.objects.filter(expires_at__lt=timezone.now()).delete()[0]
    return links + PermitTry.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def token_hash(token: str) -> str:
    """SHA-256 of a link's token, hex: what is kept opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(value: str) -> str:
    """A keyed hash of an address, for counting only."""
    return hmac.new(settings.SECRET_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()
