"""A tow: ordered, carried out, the owners told, heard if they ask, ended (PK-04, PK-10, PK-11; Vehicle Code 22852)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.numbering import next_serial
from ecpd.numbering import number as numbered
from ecpd.policy import engine as policy
from ecpd.policy import versions
from ecpd.policy.shown import Seen, seen
from ecpd.problem import StaleState
from parking import store
from parking.abandoned.clocks import hearing_due
from parking.abandoned.grounds import AUTHORITY, STORED
from parking.citations.upload import Upload
from parking.models import (
    AbandonedPhoto,
    AbandonedVehicle,
    TowEnd,
    TowHearing,
    TowNotice,
    TowOrder,
    TowRemoval,
    TowResult,
)
from parking.paper.tow import notice_content, order_content
from parking.paper.typeset import typeset
from parking.selectors.shown import of_matter, of_tow
from parking.selectors.tow import last_day_to_ask
from parking.services.abandoned import close_now, keep_photos

UNPAID = "unpaid_citations"
ENDED_AS = {
    TowEnd.How.RELEASED: AbandonedVehicle.Outcome.RELEASED,
    TowEnd.How.DISPOSED: AbandonedVehicle.Outcome.DISPOSED,
    TowEnd.How.CANCELED: AbandonedVehicle.Outcome.CANCELED,
}


def order_tow(
    *, matter: AbandonedVehicle, actor: User, orderer_class: str, purpose: str, tow_company: str, storage: str,
    unpaid_citations: bool = False, grounds: list[str] | None = None, shown: str | None = None,
) -> TowOrder:  # fmt: skip
    """Order the removal of a vehicle that a second look found still there, and typeset the order.

    `unpaid_citations` notes that some stand beside the matter; they are never the ground. Raises PolicyDenied.
    """
    now = timezone.now().replace(microsecond=0)
    chosen = grounds if grounds is not None else [matter.kind]
    ordinance = str(policy.parameter("stored_ordinance")) if matter.kind == STORED else ""
    order = TowOrder(
        vehicle=matter, ordered_by=actor, orderer_class=orderer_class, at=now, ordinance=ordinance,
        grounds=[*chosen, *([UNPAID] if unpaid_citations else [])], authority=AUTHORITY[matter.kind],
        purpose=purpose.strip(), tow_company=tow_company.strip(), storage=storage.strip(),
    )  # fmt: skip
    facts: dict[str, Any] = {"order": order, "shown": seen(shown, lambda: of_matter(matter))}
    with policy.door(actor, "tow.order", matter, **facts) as decision:
        order.decision = decision
        order.year, order.serial = next_serial(TowOrder)
        order.number = numbered("T-", order.year, order.serial)
        order.content = order_content(order)
        order.sha256 = store.store(typeset("tow_order", order.content, at=order.at))
        order.full_clean(exclude=["vehicle"])
        order.save(force_insert=True)
        matter.state = AbandonedVehicle.State.ORDERED
        matter.save(update_fields=["state"])
    return order


def _order_seen(order: TowOrder) -> Seen | None:
    return seen(None, lambda: of_tow(TowOrder.objects.get(pk=order.pk)))


def record_removal(
    *, order: TowOrder, actor: User, at: datetime, condition: str, inventory: str, driver: str = "",
    odometer: Decimal | None = None, photos: Iterable[Upload] = (),
) -> TowRemoval:  # fmt: skip
    """Enter that the vehicle was taken away, and what was in it; the owners' clock starts. Raises PolicyDenied,
    StaleState when the tow has ended or the time cannot be.
    """
    with policy.door(actor, "tow.notice", order, shown=_order_seen(order)):
        if hasattr(order, "end") or hasattr(order, "removal"):
            raise StaleState("This tow is over, or the removal is entered already.")
        if not order.at.replace(second=0) <= at <= timezone.now():  # a person enters minutes
            raise StaleState("The removal lies between the order and now.")
        removal = TowRemoval(order=order, by=actor, at=at, driver=driver.strip(), condition=condition.strip(),
                             inventory=inventory.strip(), odometer=odometer)  # fmt: skip
        removal.full_clean(exclude=["order"])
        removal.save(force_insert=True)
        keep_photos(order.vehicle, AbandonedPhoto.Step.REMOVAL, photos, actor)
    return removal


def send_notice(
    *, order: TowOrder, actor: User, sent_to: str, name: str = "", address: str = "", dated: date, sent_at: datetime,
    by_hand: bool = False, late_reason: str = "",
) -> TowNotice:  # fmt: skip
    """Enter a notice that is mailed or handed over, and keep its paper. A late one is sent all the same, with the
    reason why. Raises PolicyDenied.
    """
    notice = TowNotice(
        order=order, sent_to=sent_to, name=name.strip(), address=address.strip(), dated=dated, sent_at=sent_at,
        by_hand=by_hand, late_reason=late_reason.strip(), by=actor,
    )  # fmt: skip
    with policy.door(
        actor, "tow.notice", order, justification=late_reason, notice=notice, shown=_order_seen(order)
    ) as decision:
        notice.decision = decision
        notice.content = notice_content(notice, dict(versions.settings_in_force()))
        notice.sha256 = store.store(typeset("tow_notice", notice.content, at=order.at))
        notice.full_clean(exclude=["order"])
        notice.save(force_insert=True)
    return notice


def ask_hearing(
    *, order: TowOrder, actor: User, asked_at: datetime, channel: str, name: str, contact: str, words: str = "",
    late_reason: str = "",
) -> TowHearing:  # fmt: skip
    """Enter that an owner asks for a hearing. A late request is taken with a reason. Raises PolicyDenied, StaleState."""
    hours = policy.parameter("tow_hearing_held_hours")
    hearing = TowHearing(
        order=order, asked_at=asked_at, channel=channel, name=name.strip(), contact=contact.strip(), words=words.strip(),
        last_day=last_day_to_ask(order), due_at=hearing_due(asked_at, hours), late_reason=late_reason.strip(),
        entered_by=actor,
    )  # fmt: skip
    with policy.door(
        actor, "tow.notice", order, justification=late_reason, hearing=hearing, shown=_order_seen(order)
    ) as decision:
        if not hasattr(order, "removal") or asked_at > timezone.now():
            raise StaleState("A hearing is about a vehicle that was removed, and was asked for up to now.")
        hearing.decision = decision
        hearing.full_clean(exclude=["order"])
        hearing.save(force_insert=True)
    return hearing


def hold_hearing(
    *, hearing: TowHearing, actor: User, outcome: str, reason: str, held_at: datetime, shown: str | None = None
) -> TowResult:
    """Enter the decision of a hearing that was held by this person. Raises PolicyDenied for who had a part in it."""
    facts: dict[str, Any] = {
        "held_at": held_at,
        "shown": seen(shown, lambda: of_tow(TowOrder.objects.get(pk=hearing.order_id))),
    }
    with policy.door(actor, "tow.hear", hearing, justification=reason, **facts) as decision:
        result = TowResult(hearing=hearing, held_at=held_at, held_by=actor, outcome=outcome, reason=reason.strip(),
                           decision=decision)  # fmt: skip
        result.full_clean(exclude=["hearing"])
        result.save(force_insert=True)
    return result


def end_tow(
    *, order: TowOrder, actor: User, how: str, reason: str, to: str = "", agency_pays: bool = False
) -> TowEnd:  # fmt: skip
    """Release the vehicle, dispose of it, or cancel the order before the truck came; the matter is closed.

    Raises PolicyDenied while an owner may still be heard, and after an invalid tow unless it is released at the
    agency's cost.
    """
    end = TowEnd(order=order, how=how, at=timezone.now(), to=to.strip(), agency_pays=agency_pays, reason=reason.strip(),
                 by=actor)  # fmt: skip
    with policy.door(actor, "tow.notice", order, justification=reason, end=end, shown=_order_seen(order)):
        if hasattr(order, "end"):
            raise StaleState("This tow has ended already.")
        end.full_clean(exclude=["order"])
        end.save(force_insert=True)
        order.refresh_from_db()  # it remembers that it had no end
        close_now(order.vehicle, actor, ENDED_AS[TowEnd.How(how)], reason)
    return end
