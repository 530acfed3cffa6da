"""Anchoring the chain outside: its head is stamped by the time-stamp authority, and the token kept. Sealer's role only."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from ecpd.audit.models import ChainSeal, Stamp, StampRequest
from ecpd.audit.sealer import oldest_unsealed
from ecpd.audit.timestamps import Authority, NotStamped, configured, head_text, is_local, stamp

LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Anchoring:
    """How the chain stands outside: `authority` is empty without one, `newest` the newest token, `failed` a later try."""

    authority: str
    newest: Stamp | None
    failed: Stamp | None

    @property
    def age(self) -> timedelta | None:
        """How old the newest token is."""
        signed = self.newest.stamped_at if self.newest else None
        return timezone.now() - signed if signed else None

    @property
    def is_local(self) -> bool:
        """The newest token is of an authority of this machine."""
        return self.newest is not None and self.newest.local


def anchoring() -> Anchoring:
    """What there is to say of the chain's anchor."""
    newest = Stamp.objects.filter(result=Stamp.Result.STAMPED).first()
    later = Stamp.objects.filter(pk__gt=newest.pk if newest else 0, result=Stamp.Result.FAILED).first()
    return Anchoring(settings.TIMESTAMP_URL, newest, later)


def stamp_head(*, request: StampRequest | None = None) -> Stamp | None:
    """Have the newest entry's seal stamped, and keep the token, or why there is none.

    Returns None when there is nothing to do: no authority, no entry, or the same head has a token of this authority.
    """
    head = ChainSeal.objects.order_by("-number").first()
    if not settings.TIMESTAMP_URL or head is None or _has_token(head):
        return None
    tried: dict[str, Any] = {"number": head.number, "hash": head.hash, "request": request}
    try:
        authority = configured()
        assert authority is not None  # the address is set
        return _keep(tried, authority)
    except NotStamped as error:
        return Stamp.objects.create(**tried, **_who(), result=Stamp.Result.FAILED, problem=str(error)[:300])


def _keep(tried: dict[str, Any], authority: Authority) -> Stamp:
    token = stamp(authority, head_text(tried["number"], tried["hash"]))
    return Stamp.objects.create(
        **tried,
        **_who(),
        result=Stamp.Result.STAMPED,
        stamped_at=token.stamped_at,
        response=token.response,
        certificates=authority.certificates,
    )


def _who() -> dict[str, Any]:
    return {"authority": settings.TIMESTAMP_URL[:200], "local": is_local(settings.TIMESTAMP_URL)}


def _has_token(head: ChainSeal) -> bool:
    return Stamp.objects.filter(
        number=head.number, hash=head.hash, authority=settings.TIMESTAMP_URL[:200], result=Stamp.Result.STAMPED
    ).exists()


def carry_out_stamps() -> int:
    """Stamp the head for all who asked until now; returns how many tokens came of it (0 or 1).

    A chain that has no token yet is stamped unasked, as soon as all that waits is sealed. An authority that is away is
    asked again after 1, 2, 4 … 60 minutes; each try is kept.
    """
    if not settings.TIMESTAMP_URL:
        return 0
    asked = waiting_for_stamp()
    if (asked is None and not _first_is_due()) or _pausing():
        return 0
    made = stamp_head(request=asked)
    return int(made is not None and made.result == Stamp.Result.STAMPED)


def _first_is_due() -> bool:
    return anchoring().newest is None and oldest_unsealed() is None


def waiting_for_stamp() -> StampRequest | None:
    """The newest request that was made since the last token."""
    stamped = Stamp.objects.filter(result=Stamp.Result.STAMPED)
    answered = stamped.aggregate(newest=Max("request_id"))["newest"] or 0
    return StampRequest.objects.filter(pk__gt=answered).first()


def _pausing() -> bool:
    """Whether the last tries failed and it is too early for another."""
    found = anchoring()
    if found.failed is None:
        return False
    failures = Stamp.objects.filter(pk__gt=found.newest.pk if found.newest else 0).count()
    pause = min(timedelta(minutes=2 ** min(failures - 1, 10)), LONGEST_PAUSE)
    return timezone.now() < found.failed.tried_at + pause
