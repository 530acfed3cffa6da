"""What waits in abandoned vehicles and tows, for the dashboard; each provider is a constant number of queries."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from ecpd.web.dashboard import WaitingItem
from parking.models import AbandonedVehicle, Alert
from parking.selectors.tow import due_notice, hearings_waiting, without_notices

SHOWN = 10
TO_DO = {
    AbandonedVehicle.State.REPORTED: ("Go and see", "Open"),
    AbandonedVehicle.State.MARKED: ("Look again at", "Look again"),
    AbandonedVehicle.State.READY: ("Decide on the tow of", "Open"),
}


def on_the_street(user: Any) -> list[WaitingItem]:
    """Reports to go and see, second looks to make, tows to decide on."""
    if not user.may("abandoned.mark"):
        return []
    open_ones = AbandonedVehicle.objects.filter(state__in=TO_DO).select_related("mark")
    return [_item(matter) for matter in open_ones.order_by("mark__look_from", "reported_at")[:SHOWN]]


def _item(matter: AbandonedVehicle) -> WaitingItem:
    title, action = TO_DO[AbandonedVehicle.State(matter.state)]
    mark = getattr(matter, "mark", None) if matter.state == AbandonedVehicle.State.MARKED else None
    due = timezone.localdate(mark.look_from) if mark else None
    detail = f"{matter.vehicle}, {matter.place}."
    return WaitingItem(f"{title} {matter.number}", detail, matter.get_absolute_url(), due=due, action_label=action)


def confirmed_long_stays(user: Any) -> list[WaitingItem]:
    """Long stays that a person has confirmed and nobody has reported yet."""
    if not user.may("abandoned.mark"):
        return []
    waiting = Alert.objects.filter(kind=Alert.Kind.LONG_STAY, state=Alert.State.CONFIRMED, abandoned__isnull=True)
    return [WaitingItem(f"Report {alert.plate}", f"Seen for days at {alert.place or 'one place'}.",
                        reverse("parking:abandoned-from-alert", args=[alert.pk]), action_label="Report")
            for alert in waiting[:SHOWN]]  # fmt: skip


def notices(user: Any) -> list[WaitingItem]:
    """Owners who are not told yet (PK-10)."""
    if not user.may("tow.notice"):
        return []
    return [WaitingItem(f"Tell the owners about {order.number}", f"{order.vehicle.vehicle}, removed.",
                        reverse("parking:tow-notice", args=[order.vehicle.number]),
                        due=timezone.localdate(due_notice(order)), action_label="Send the notices")
            for order in without_notices()[:SHOWN]]  # fmt: skip


def hearings(user: Any) -> list[WaitingItem]:
    """Tow hearings to be held, without those of tows this person ordered."""
    if not user.may("tow.hear"):
        return []
    waiting = hearings_waiting().exclude(order__ordered_by=user)[:SHOWN]
    return [WaitingItem(f"Tow hearing on {hearing.order.number}", f"{hearing.name} asked for it.",
                        hearing.order.vehicle.get_absolute_url(), due=timezone.localdate(hearing.due_at),
                        action_label="Read and decide") for hearing in waiting]  # fmt: skip


PROVIDERS = (on_the_street, confirmed_long_stays, notices, hearings)
