"""Reads of tows: what an order's clocks say, who took part, what is due."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from parking.abandoned.clocks import hearing_last_day, notice_due
from parking.models import TowEnd, TowHearing, TowNotice, TowOrder

OWNERS = (TowNotice.To.REGISTERED, TowNotice.To.LEGAL)


def newest_notice_day(order: TowOrder) -> date | None:
    """The date on the newest notice to an owner, or on the report that the owner is unknown; None before any."""
    notices = list(order.notices.all())
    owners = [notice.dated for notice in notices if notice.sent_to != TowNotice.To.DOJ]
    return max(owners or [notice.dated for notice in notices], default=None)


def told(order: TowOrder) -> bool:
    """Whether both owners have their notice, or the state's system was told that the owner is unknown."""
    sent = {notice.sent_to for notice in order.notices.all()}
    return TowNotice.To.DOJ in sent or sent >= set(OWNERS)


def took_part(order: TowOrder, user: User) -> str:
    """What this person did in the matter, in words after "You"; "" when nothing."""
    parts = []
    if order.ordered_by_id == user.pk:
        parts.append("ordered this tow")
    mark = getattr(order.vehicle, "mark", None)
    if mark is not None and mark.by_id == user.pk:
        parts.append("marked the warning")
    if any(look.by_id == user.pk for look in order.vehicle.looks.all()):
        parts.append("looked again")
    return " and ".join(parts)


def due_notice(order: Any) -> datetime | None:
    """Until when the owners are to be told; None before the removal."""
    removal = getattr(order, "removal", None)
    return notice_due(removal.at, policy.parameter("tow_notice_hours")) if removal else None


def last_day_to_ask(order: TowOrder) -> date | None:
    """The last day to ask for a hearing; None while no notice was sent."""
    dated = newest_notice_day(order)
    return hearing_last_day(dated, policy.parameter("tow_hearing_ask_days")) if dated else None


def running() -> QuerySet[TowOrder]:
    """Tows that have not ended."""
    ended = TowEnd.objects.filter(order=OuterRef("pk"))
    return TowOrder.objects.filter(~Exists(ended)).select_related("vehicle", "removal", "ordered_by").order_by("pk")


def without_notices() -> QuerySet[TowOrder]:
    """Removed vehicles whose owners are not all told, the longest first."""
    doj = TowNotice.objects.filter(order=OuterRef("pk"), sent_to=TowNotice.To.DOJ)
    registered = TowNotice.objects.filter(order=OuterRef("pk"), sent_to=TowNotice.To.REGISTERED)
    legal = TowNotice.objects.filter(order=OuterRef("pk"), sent_to=TowNotice.To.LEGAL)
    waiting = running().filter(removal__isnull=False)
    return waiting.filter(~Exists(doj)).exclude(Exists(registered), Exists(legal)).order_by("removal__at")


def hearings() -> QuerySet[TowHearing]:
    """Hearings that were asked for, the most urgent first, with what a list of them shows."""
    shown = TowHearing.objects.select_related("order__vehicle", "order__ordered_by", "result__held_by")
    return shown.order_by("due_at", "pk")


def hearings_waiting() -> QuerySet[TowHearing]:
    """Hearings that are asked for and not held, the most urgent first."""
    return hearings().filter(result__isnull=True)
