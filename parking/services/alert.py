"""A person answers an alert: confirmed with every tick, or dismissed with a reason (PK-01)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from parking.models import Alert, AlertAnswer
from parking.plates.likeness import normalise
from parking.selectors.shown import of_alert

TICKED = ("plate_checked", "state_checked", "vehicle_checked", "no_placard_seen")


def confirm(
    *,
    alert: Alert,
    actor: User,
    plate: str,
    plate_state: str,
    vehicle: str,
    color: str = "",
    make: str = "",
    dispatch_confirmed_at: datetime | None = None,
    dispatch_words: str = "",
    words: str = "",
    client_key: UUID | None = None,
    shown: str | None = None,
    **ticks: bool,
) -> AlertAnswer:
    """Confirm what the pictures show, as this person reads them. Raises PolicyDenied until every tick is set.

    `client_key`: made by the console, so that an answer sent again after a lost connection is taken once.
    """
    answer = AlertAnswer(
        alert=alert,
        outcome=AlertAnswer.Outcome.CONFIRMED,
        officer=actor,
        plate=normalise(plate),
        plate_state=plate_state,
        vehicle=vehicle.strip(),
        color=color.strip(),
        make=make.strip(),
        dispatch_confirmed_at=dispatch_confirmed_at,
        dispatch_words=dispatch_words.strip(),
        words=words.strip(),
        client_key=client_key,
        **{name: bool(ticks.get(name)) for name in TICKED},
    )
    return _answer(alert, actor, "alert.confirm", answer, shown)


def dismiss(
    *, alert: Alert, actor: User, reason: str, words: str = "", client_key: UUID | None = None, shown: str | None = None
) -> AlertAnswer:  # fmt: skip
    """Dismiss with a reason, which feeds the precision report of the reader and the zone."""
    answer = AlertAnswer(
        alert=alert,
        outcome=AlertAnswer.Outcome.DISMISSED,
        officer=actor,
        reason=reason,
        words=words.strip(),
        client_key=client_key,
    )
    return _answer(alert, actor, "alert.dismiss", answer, shown)


def _answer(alert: Alert, actor: User, action: str, answer: AlertAnswer, shown: str | None) -> AlertAnswer:
    if (sent_before := _sent_before(alert, actor, answer.client_key)) is not None:
        return sent_before
    with policy.door(actor, action, alert, answer=answer, shown=seen(shown, lambda: of_alert(alert))) as decision:
        answer.decision, answer.at = decision, timezone.now()
        answer.full_clean(exclude=["alert"])
        answer.save(force_insert=True)
        alert.state = answer.outcome
        alert.save(update_fields=["state"])
    return answer


def _sent_before(alert: Alert, actor: User, client_key: Any) -> AlertAnswer | None:
    if client_key is None:
        return None
    return AlertAnswer.objects.filter(alert=alert, officer=actor, client_key=client_key).first()
