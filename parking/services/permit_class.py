"""Setting up permit classes and their rules (PK-16)."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import CurbArea, PermitClass, PermitTerms


def add_class(*, actor: User, code: str, name: str, kind: str, words: str = "") -> PermitClass:
    """Add a class; it can be applied for once it has rules. Raises PolicyDenied, ValidationError."""
    added = PermitClass(code=code, name=name.strip(), kind=kind, words=words.strip(), added_by=actor)
    with policy.door(actor, "permit.set_up", added):
        added.full_clean()
        added.save()
    return added


def set_terms(*, permit_class: PermitClass, actor: User, areas: Iterable[CurbArea] = (), **details: Any) -> PermitTerms:
    """Enter the rules of a class from a day on, under a resolution. `details`: fields of PermitTerms.

    Permits that were granted keep theirs. Raises PolicyDenied, ValidationError, StaleState for a withdrawn class or
    rules that would be valid nowhere.
    """
    terms = PermitTerms(permit_class=permit_class, entered_by=actor, **details)
    chosen = list(areas)
    with policy.door(actor, "permit.set_up", permit_class, terms=terms) as decision:
        if permit_class.withdrawn_at is not None:
            raise StaleState("This class is withdrawn.")
        if not chosen and not terms.everywhere:
            raise StaleState("Choose the areas in which it is valid, or let it be valid in every zone.")
        terms.decision = decision
        terms.full_clean()
        terms.save()
        terms.areas.set(chosen)
    return terms


def withdraw_class(*, permit_class: PermitClass, actor: User, reason: str) -> PermitClass:
    """Nobody can apply any more; permits that were granted go on. Raises PolicyDenied, StaleState."""
    facts = {"shown": seen(None, lambda: of_row(permit_class))}
    with policy.door(actor, "permit.set_up", permit_class, justification=reason, **facts):
        if permit_class.withdrawn_at is not None:
            raise StaleState("This class is withdrawn already.")
        permit_class.withdrawn_at, permit_class.withdrawn_reason = timezone.now(), reason.strip()
        permit_class.full_clean()
        permit_class.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return permit_class
