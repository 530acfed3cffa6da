"""What of permits waits for a person, for the dashboard."""

from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from ecpd.web.dashboard import WaitingItem
from parking.models import PermitApplication


def applications_waiting(user: Any) -> list[WaitingItem]:
    """One item for all applications that wait for a manager's review."""
    if not user.may("permit.decide"):
        return []
    waiting = PermitApplication.objects.filter(state=PermitApplication.State.WAITING)
    found = waiting.aggregate(count=Count("pk"), oldest=Min("applied_at"))
    if not found["count"]:
        return []
    one = found["count"] == 1
    return [
        WaitingItem(
            title=f"{found['count']} permit application{'' if one else 's'} to review",
            detail=f"The oldest waits since {timezone.localdate(found['oldest']):%b %-d}.",
            url=reverse("parking:permit-queue"),
            action_label="Review",
        )
    ]
