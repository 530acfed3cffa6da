"""Changing the manual: propose, decide, withdraw (AU-04)."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from ecpd.policy import engine, versions
from ecpd.policy.manual import PARAMETERS
from ecpd.policy.models import Amendment, ManualVersion
from ecpd.problem import StaleState


def propose_amendment(*, actor, changes: dict[str, Any], reason: str, effective_on) -> Amendment:
    """Propose new values. Raises ValidationError for an unknown name, a value out of bounds, or nothing changed."""
    _check(changes, effective_on)
    amendment = Amendment(changes=changes, reason=reason, effective_on=effective_on, proposed_by=actor)
    with engine.door(actor, "amendment.propose", amendment, justification=reason):
        amendment.save()
    return amendment


def approve_amendment(*, amendment: Amendment, actor, reason: str) -> ManualVersion:
    """Approve as chief: a new version takes effect at the start of its date, or now when that has passed."""
    with engine.door(actor, "amendment.decide", amendment, justification=reason):
        _decide(amendment, Amendment.State.APPROVED, actor, reason)
        return _new_version(amendment)


def reject_amendment(*, amendment: Amendment, actor, reason: str) -> Amendment:
    """Reject as chief, with a reason."""
    with engine.door(actor, "amendment.decide", amendment, justification=reason):
        _decide(amendment, Amendment.State.REJECTED, actor, reason)
    return amendment


def withdraw_amendment(*, amendment: Amendment, actor, reason: str) -> Amendment:
    """Take back one's own proposal. Raises StaleState when it is decided or somebody else's."""
    with engine.door(actor, "amendment.propose", amendment, justification=reason):
        if amendment.state != Amendment.State.PROPOSED or amendment.proposed_by_id != actor.pk:
            raise StaleState("Only who proposed an amendment withdraws it, and only before it is decided.")
        _decide(amendment, Amendment.State.WITHDRAWN, actor, reason)
    return amendment


def _decide(amendment: Amendment, state: str, actor, reason: str) -> None:
    amendment.state, amendment.decided_by, amendment.decided_at = state, actor, timezone.now()
    amendment.decision_reason = reason
    amendment.save()


def _new_version(amendment: Amendment) -> ManualVersion:
    newest = ManualVersion.objects.first()
    begins = timezone.make_aware(datetime.combine(amendment.effective_on, time.min))
    return ManualVersion.objects.create(
        number=versions.next_number(newest.number),
        effective_from=max(begins, timezone.now(), newest.effective_from),
        parameters=newest.parameters | amendment.changes,
        amendment=amendment,
    )


def _check(changes: dict[str, Any], effective_on) -> None:
    if not changes:
        raise ValidationError("Name at least one setting to change.")
    if effective_on < timezone.localdate():
        raise ValidationError("An amendment cannot take effect in the past.")
    current = ManualVersion.objects.first().parameters
    for name, value in changes.items():
        if name not in PARAMETERS:
            raise ValidationError(f"The manual has no setting named {name}.")
        if problem := PARAMETERS[name].problem(value):
            raise ValidationError(f"{PARAMETERS[name].words}: {problem}")
        if current[name] == value:
            raise ValidationError(f"{PARAMETERS[name].words} is {value} already.")
