"""What waits in the console, on the dashboard of whoever answers alerts."""

from django.urls import reverse

from ecpd.web.dashboard import WaitingItem
from parking.models import Alert


def live_alerts(user) -> list[WaitingItem]:
    """One line for all live alerts; hotlist hits are said apart."""
    if not user.may("alert.confirm"):
        return []
    kinds = list(Alert.objects.filter(state=Alert.State.LIVE).values_list("kind", flat=True))
    if not kinds:
        return []
    hot = sum(kind == Alert.Kind.HOTLIST for kind in kinds)
    detail = f"{hot} to verify with dispatch first." if hot else "Compare the pictures, then confirm or dismiss."
    title = "One live alert" if len(kinds) == 1 else f"{len(kinds)} live alerts"
    return [WaitingItem(title, detail, reverse("parking:console"), action_label="Open the console",
                        kind="stop" if hot else "warn", status="Waits for an answer")]  # fmt: skip
