"""What ends a payment plan: paid off, or ended by a person or by the citation's end."""

from django.utils import timezone

from ecpd.accounts.models import User
from parking.models import Citation, PaymentPlan
from parking.selectors.plan import paid_on
from parking.services.citation_hold import resume


def finish_plans(citation: Citation, *, by: User) -> None:
    """Close a running plan of this citation once all of it is paid; `by` entered the payment."""
    running = PaymentPlan.objects.filter(citations__citation=citation, state=PaymentPlan.State.RUNNING)
    for plan in running:
        if paid_on(plan) >= plan.owed_cents:
            close(plan, state=PaymentPlan.State.PAID, reason="Everything owed is paid.", by=by)


def close(plan: PaymentPlan, *, state: str, reason: str, by: User) -> None:
    """End a plan and the holds that came with it; inside the transaction of whoever calls."""
    plan.state, plan.ended_at, plan.ended_reason = state, timezone.now(), reason.strip()
    plan.save(update_fields=["state", "ended_at", "ended_reason"])
    for covered in plan.citations.select_related("hold"):
        if covered.hold.released_at is None:
            resume(covered.hold, by=by, reason=reason)
