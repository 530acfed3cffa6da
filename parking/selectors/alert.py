"""Reads of alerts."""

from django.db.models import QuerySet

from parking.models import Alert, Finding


def live_alerts() -> QuerySet[Alert]:
    """Alerts that wait for an answer, hotlist hits first, then the newest."""
    return (
        Alert.objects.filter(state=Alert.State.LIVE)
        .select_related("zone", "device", "first_read", "last_read")
        .order_by("-raised_at")
    )


def refuted(alert: Alert) -> str:
    """What a read that came later says against an alert, in a sentence; "" when nothing does."""
    found = Finding.objects.filter(key=alert.key, state=Finding.State.REFUTED).first()
    return found.refuted_why if found else ""
