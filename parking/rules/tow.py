"""PK-04, PK-10 and PK-11: who orders a tow and on what ground; the owners' notices, and a hearing by somebody else."""

from datetime import datetime

from django.utils import timezone

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from ecpd.web.words import day, moment
from parking.abandoned.clocks import hearing_last_day, notice_due, stood_long_enough
from parking.abandoned.grounds import STORED
from parking.models import AbandonedVehicle, TowEnd, TowHearing, TowNotice, TowOrder, TowResult
from parking.selectors.tow import newest_notice_day, told, took_part

MIN_REASON = 20
UNPAID = "unpaid_citations"


@rule("PK-04", on="tow.order")
def second_look_first(ctx: Context) -> Verdict:
    """A marked warning and a second look come first."""
    vehicle: AbandonedVehicle = ctx.subject
    if vehicle.state != AbandonedVehicle.State.READY:
        return ctx.unmet(f"It stands at “{vehicle.get_state_display()}”.", "Mark it, wait, and look again.")
    return ctx.met("A warning was marked and a second look found it still there.")


@rule("PK-04", on="tow.order")
def stood_for_the_hours_of_the_law(ctx: Context) -> Verdict:
    """A stored vehicle has been seen here for 72 hours or more (22651(k)); a caller's word is no sighting."""
    vehicle: AbandonedVehicle = ctx.subject
    if vehicle.kind != STORED:
        return ctx.met("The hours do not decide this matter.")
    hours = ctx.parameter("stored_hours")
    look = vehicle.looks.filter(outcome="still").order_by("-at").first()
    if look is None or vehicle.seen_since is None or not stood_long_enough(vehicle.seen_since, look.at, hours):
        return ctx.unmet(f"It has not been seen here for {hours} hours.", "Look again when they have passed.")
    return ctx.met(f"Seen here from {moment(vehicle.seen_since)} to {moment(look.at)}: {hours} hours or more.")


@rule("PK-04", on="tow.order")
def authorized_class(ctx: Context) -> Verdict:
    """A peace officer, or a regularly employed and salaried parking or traffic employee, orders."""
    order: TowOrder = ctx.fact("order")
    if not order.orderer_class:
        return ctx.unmet("You have not said as what you order.", "Choose it; only two classes of person may order.")
    if order.orderer_class not in TowOrder.AUTHORIZED:
        return ctx.unmet(
            "You order neither as a peace officer nor as a salaried parking or traffic employee.",
            "Ask somebody who is one of these.",
        )
    return ctx.met(f"Ordered as: {order.get_orderer_class_display()}.")


@rule("PK-11", on="tow.order")
def never_only_unpaid(ctx: Context) -> Verdict:
    """Unpaid citations are never the only ground."""
    order: TowOrder = ctx.fact("order")
    if not set(order.grounds) - {UNPAID}:
        return ctx.unmet(
            "Unpaid citations are the only ground.", "Collect them as citations; nothing is towed for a debt."
        )
    if ctx.subject.kind not in order.grounds:
        return ctx.unmet("The order does not rest on the matter that was marked.", "Order it for what was marked.")
    return ctx.met("The order rests on the matter itself.")


@rule("PK-10", on="tow.notice")
def notice_in_time(ctx: Context) -> Verdict:
    """Registered and legal owner are told within 48 hours, weekends and holidays left out (22852(b))."""
    notice: TowNotice | None = ctx.fact("notice")
    if notice is None:
        return ctx.met("No notice is being entered.")
    order: TowOrder = ctx.subject
    removal = getattr(order, "removal", None)
    if removal is None:
        return ctx.unmet("The vehicle has not been removed yet.", "Enter the removal first; the clock starts with it.")
    if notice.sent_at > timezone.now() or notice.sent_at < removal.at:
        return ctx.unmet("It was sent before the removal, or will be sent.", "Enter it when it is mailed.")
    due = notice_due(removal.at, ctx.parameter("tow_notice_hours"))
    if notice.sent_at > due:
        return ctx.needs_words(
            f"It was due by {moment(due)}.", "Say in a sentence why it is late; it is sent all the same."
        )
    return ctx.met(f"It is sent before {moment(due)}.")


@rule("PK-10", on="tow.notice")
def hearing_asked_in_time(ctx: Context) -> Verdict:
    """A hearing is asked for within ten days of the notice; a late one is taken with a reason."""
    hearing: TowHearing | None = ctx.fact("hearing")
    if hearing is None:
        return ctx.met("Nobody asks for a hearing here.")
    dated = newest_notice_day(ctx.subject)
    if dated is None:
        return ctx.met("No notice was sent yet, so no day is lost.")
    last = hearing_last_day(dated, ctx.parameter("tow_hearing_ask_days"))
    if timezone.localdate(hearing.asked_at) > last:
        return ctx.needs_words(
            f"It could be asked for until {day(last)}.", "Say in a sentence why it is taken though late."
        )
    return ctx.met(f"It could be asked for until {day(last)}.")


@rule("PK-10", on="tow.notice")
def ends_after_the_owners_days(ctx: Context) -> Verdict:
    """Nothing is disposed of before the owners were told, their days have passed and a hearing was held."""
    end: TowEnd | None = ctx.fact("end")
    if end is None:
        return ctx.met("The tow is not being ended.")
    if problem := _why_not_end(ctx, ctx.subject, end):
        return ctx.unmet(*problem)
    return ctx.met("Nothing stands against ending it so.")


def _why_not_end(ctx: Context, order: TowOrder, end: TowEnd) -> tuple[str, str] | None:
    removed = hasattr(order, "removal")
    result: TowResult | None = getattr(getattr(order, "hearing", None), "result", None)
    if (end.how == TowEnd.How.CANCELED) == removed:
        return (
            "The vehicle has been removed." if removed else "The vehicle has not been removed."
        ), "Choose another end."
    if (
        result is not None
        and result.outcome == TowResult.Outcome.INVALID
        and (end.how != "released" or not end.agency_pays)
    ):
        return "The tow was found invalid.", "Release the vehicle; the agency pays tow and storage."
    if end.how != TowEnd.How.DISPOSED:
        return None
    if hasattr(order, "hearing") and result is None:
        return "A hearing was asked for and is not held yet.", "Hold it first."
    if not told(order) or (dated := newest_notice_day(order)) is None:
        return "The owners were not told.", "Send the notices to registered and legal owner first."
    last = hearing_last_day(dated, ctx.parameter("tow_hearing_ask_days"))
    if timezone.localdate() <= last:
        return f"The owners may ask for a hearing until {day(last)}.", "Wait until their days have passed."
    return None


@rule("PK-10", on="tow.hear")
def held_by_another(ctx: Context) -> Verdict:
    """Who ordered the tow, marked or looked does not hold its hearing (22852(c): not who directed the storage)."""
    order: TowOrder = ctx.subject.order
    if parts := took_part(order, ctx.actor):
        return ctx.unmet(f"You {parts}.", "Somebody else holds the hearing.")
    return ctx.met("You had no part in it.")


@rule("PK-10", on="tow.hear")
def held_in_time(ctx: Context) -> Verdict:
    """Held within 48 hours of the request, weekends and holidays left out."""
    hearing: TowHearing = ctx.subject
    if hasattr(hearing, "result"):
        return ctx.unmet("It is decided already.", "Nothing is left to do.")
    at: datetime = ctx.fact("held_at") or timezone.now()
    if at > timezone.now():
        return ctx.unmet("It has not been held yet.", "Enter the result afterwards.")
    if at > hearing.due_at:
        return ctx.needs_words(
            f"It was to be held by {moment(hearing.due_at)}.", "Say in the reason why it was held late."
        )
    return ctx.met(f"It is held before {moment(hearing.due_at)}.")


@rule("PK-10", on="tow.hear")
def result_has_a_reason(ctx: Context) -> Verdict:
    """The decision says why."""
    if len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet(
            "The decision gives no reason.", "Say in a sentence or two what decided it; the owner reads it."
        )
    return ctx.met("The reason goes to the owner with the decision.")
