"""What of the manual waits for the chief, on the dashboard."""

from typing import Any

from django.urls import reverse

from ecpd.policy.models import Amendment
from ecpd.web.dashboard import WaitingItem
from ecpd.web.words import day

SHOWN = 10


def amendments(user: Any) -> list[WaitingItem]:
    """Proposed changes of the manual, without those this chief proposed: another decides (AU-04)."""
    if not user.may("amendment.decide"):
        return []
    waiting = Amendment.objects.filter(state=Amendment.State.PROPOSED).exclude(proposed_by=user)
    return [
        WaitingItem(f"Decide on a change: {amendment}", f"By {amendment.proposer}, from {day(amendment.effective_on)}.",
                    reverse("policy:amendment", args=[amendment.pk]), action_label="Read and decide")
        for amendment in waiting.select_related("proposed_by").order_by("pk")[:SHOWN]
    ]  # fmt: skip
