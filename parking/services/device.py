"""Readers and the tokens in their addresses. A token is shown once and kept as its SHA-256 only."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import ProblemError, StaleState
from parking.models import Device, DeviceToken
from parking.selectors.shown import of_device

OVERLAP = timedelta(hours=24)


class UnknownDevice(ProblemError):
    """No reader has this token, or not any more."""

    code = "unknown_device"
    title = "This address is no reader's"
    status = 401


def register(*, actor: User, name: str, format: str, car: str = "", time_zone: str = "") -> tuple[Device, str]:
    """Register a reader; returns it and its token, which is not shown again. Raises ValidationError."""
    device = Device(name=name.strip(), format=format, car=car.strip(), time_zone=time_zone, registered_by=actor)
    with policy.door(actor, "device.manage", device):
        device.full_clean()
        device.save()
        return device, _issue(device, actor)


def rotate(*, device: Device, actor: User, at_once: bool = False) -> str:
    """A new token; the old ones work another 24 hours, or not at all. Returns the new one, which is not shown again."""
    with policy.door(actor, "device.manage", device):
        _must_be_in_use(device)
        ends = timezone.now() + (timedelta() if at_once else OVERLAP)
        device.tokens.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=ends)).update(valid_until=ends)
        return _issue(device, actor)


def take_over(*, device: Device, actor: User) -> Device:
    """From now on the reader acts for this person: somebody left, or has another role."""
    with policy.door(actor, "device.manage", device):
        _must_be_in_use(device)
        device.registered_by = actor
        device.save(update_fields=["registered_by"])
    return device


def retire(*, device: Device, actor: User, reason: str) -> Device:
    """Take a reader out of use; its tokens end at once."""
    facts = {"shown": seen(None, lambda: of_device(device))}
    with policy.door(actor, "device.manage", device, justification=reason, **facts):
        _must_be_in_use(device)
        device.retired_at, device.retired_reason = timezone.now(), reason.strip()
        device.full_clean()
        device.save(update_fields=["retired_at", "retired_reason"])
        later = Q(valid_until__isnull=True) | Q(valid_until__gt=device.retired_at)
        device.tokens.filter(later).update(valid_until=device.retired_at)
    return device


def device_of(token: str) -> Device:
    """The reader whose address this is. Raises UnknownDevice."""
    live = Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now())
    found = (
        DeviceToken.objects.filter(live, digest=_digest(token), device__retired_at__isnull=True)
        .select_related("device__registered_by")
        .first()
    )
    if found is None:
        raise UnknownDevice("Check the token in the reader's address; a manager can issue a new one.")
    return found.device


def _issue(device: Device, actor: User) -> str:
    token = f"ecpd_{secrets.token_urlsafe(32)}"  # never one that a shell takes for an option
    DeviceToken.objects.create(device=device, digest=_digest(token), issued_by=actor)
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _must_be_in_use(device: Device) -> None:
    if device.retired_at is not None:
        raise StaleState("This reader is retired.")
