"""Changing the table of violations."""

from datetime import date

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import Violation, ViolationAmount


def add_violation(
    *, actor: User, code: str, section: str, title: str, order: int = 100, disabled_space: bool = False,
    lifted_by_permit: bool = False, needs_zone: bool = False,
) -> Violation:  # fmt: skip
    """Add a violation; it can be cited once it has an amount. Raises PolicyDenied, ValidationError."""
    violation = Violation(
        code=code, section=section.strip(), title=title.strip(), order=order, disabled_space=disabled_space,
        lifted_by_permit=lifted_by_permit, needs_zone=needs_zone, added_by=actor,
    )  # fmt: skip
    with policy.door(actor, "violation.change", violation):
        violation.full_clean()
        violation.save()
    return violation


def set_amount(
    *, violation: Violation, actor: User, amount_cents: int, late_fee_cents: int, effective_on: date, resolution: str,
    resolved_on: date,
) -> ViolationAmount:  # fmt: skip
    """Enter what a violation costs from a day on, under a resolution (PK-16). Raises PolicyDenied, ValidationError."""
    amount = ViolationAmount(
        violation=violation, amount_cents=amount_cents, late_fee_cents=late_fee_cents, effective_on=effective_on,
        resolution=resolution.strip(), resolved_on=resolved_on, entered_by=actor,
    )  # fmt: skip
    has_amounts = violation.amounts.exists()
    with policy.door(
        actor, "violation.change", violation, amount=amount, today=timezone.localdate(), has_amounts=has_amounts
    ) as decision:
        amount.decision = decision
        amount.full_clean()
        amount.save()
    return amount


def withdraw_violation(*, violation: Violation, actor: User, reason: str) -> Violation:
    """Take a violation out of the table; what was cited stays. Raises StaleState."""
    with policy.door(actor, "violation.change", violation, shown=seen(None, lambda: of_row(violation))):
        if violation.withdrawn_at is not None:
            raise StaleState("This violation is withdrawn already.")
        violation.withdrawn_at, violation.withdrawn_reason = timezone.now(), reason.strip()
        violation.full_clean()
        violation.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return violation
