"""Reads of alerts."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from parking.models import Alert, AlertAnswer, Finding

UNCITED_FOR = timedelta(days=7)  # so long a confirmed alert waits for its citation; whoever lets it go does nothing
UNCITED_KINDS = sorted({*Alert.Kind.values} - {Alert.Kind.HOTLIST, Alert.Kind.LONG_STAY})  # those lead elsewhere


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


def uncited(user: Any) -> QuerySet[Alert]:
    """Alerts that this officer confirmed lately and no citation was issued for, begun or not; the oldest first."""
    return Alert.objects.filter(
        Q(citation_draft=None) | Q(citation_draft__officer=user), state=Alert.State.CONFIRMED, kind__in=UNCITED_KINDS,
        citation__isnull=True,
        answer__outcome=AlertAnswer.Outcome.CONFIRMED, answer__officer=user, answer__at__gt=timezone.now() - UNCITED_FOR,
    ).select_related("citation_draft").order_by("answer__at")  # fmt: skip
