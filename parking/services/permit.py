"""Changing permits: another plate at once, ending one, replacing one, a warning."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit.labels import HOLDER
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from parking.models import Alert, Permit, PermitPlate, PermitWarning
from parking.permits.timeline import Span, end_all, free_place, in_force, put
from parking.plates.likeness import normalise
from parking.selectors.permit import spans_of, swaps_today
from parking.selectors.shown import of_permit
from parking.services.permit_mail import post_when_kept
from parking.services.permit_review import number_and_save, plate_row


class CannotSwap(StaleState):
    """A plate that cannot be put in, with the reason in words."""

    code = "permit_cannot_swap"
    title = "This plate cannot be put in"


def swap_plate(
    *, permit: Permit, plate: str, state: str, place: int = 1, kind: str = PermitPlate.Kind.OWN,
    until: datetime | None = None, reason: str = "", actor: User | None = None,
) -> PermitPlate:  # fmt: skip
    """Put a plate in, in force at once; what had its place ends, or comes back after `until`.

    `place` 0: a place that is free. Without an actor it is the holder, held to the cap of the day. `until` goes with a
    rental, loaner or temporary plate. Raises PolicyDenied (staff), CannotSwap.
    """
    letters = normalise(plate)
    try:
        if actor is not None:
            with policy.door(actor, "permit.change", permit, justification=reason, **_facts(permit, "swap")):
                return _swap(permit, letters, state, place, kind, until, reason, actor)
        with transaction.atomic():
            found = Permit.objects.select_for_update(of=["self"]).select_related("terms").get(pk=permit.pk)
            _within_the_cap(found)
            row = _swap(found, letters, state, place, kind, until, reason, None)
            record(actor=None, action="permit.plate_changed", subject=found, actor_label=HOLDER, plate=letters)
            return row
    except IntegrityError as error:  # somebody else put the same plate in at the same moment
        raise CannotSwap("This plate has a permit of this class already.") from error


def _facts(permit: Permit, change: str) -> dict[str, Any]:
    return {"change": change, "shown": seen(None, lambda: of_permit(permit))}


def _within_the_cap(permit: Permit) -> None:
    most = int(policy.parameter("permit_swaps_per_day"))
    if swaps_today(permit) >= most:
        phone = policy.parameter("citation_phone")
        raise CannotSwap(f"The plate was changed {most} times today. Change it tomorrow, or call {phone}.")


def _swap(
    permit: Permit, plate: str, state: str, place: int, kind: str, until: datetime | None, reason: str, by: User | None
) -> PermitPlate:
    now = max(timezone.now(), permit.begins)
    spans = spans_of(permit.plates.all())
    place = place or free_place(spans, now, permit.terms.plates_max) or 0
    _must_be_possible(permit, plate, state, place, kind, until, spans, now)
    try:
        change = put(spans, place, plate, state, now, permit.ends, kind=kind, until=until)
    except ValueError as error:
        raise CannotSwap(str(error)) from error
    _end(change.ended)
    rows = [
        plate_row(permit, each.plate, each.state, each.place, each.begins, each.ends, kind=each.kind, added_by=by,
                  reason=reason.strip()[:200] if not number else "The household's own plate counts again.",
                  swapped=not number)
        for number, each in enumerate(change.added)
    ]  # fmt: skip
    PermitPlate.objects.bulk_create(rows)
    if until is None:
        _follow_in_renewals(permit, plate, state, place, by)
    return rows[0]


def _must_be_possible(
    permit: Permit, plate: str, state: str, place: int, kind: str, until: datetime | None, spans: tuple[Span, ...],
    now: datetime,
) -> None:  # fmt: skip
    if permit.is_over:
        raise CannotSwap("This permit has ended.")
    if permit.terms.is_for_guests:
        raise CannotSwap("This permit is for guests: make a guest code instead.")
    if not plate or not state:
        raise CannotSwap("Enter the plate's letters and digits, and its state.")
    if not 0 < place <= permit.terms.plates_max:
        raise CannotSwap(f"This permit is for {permit.terms.plates_max} at a time; choose which plate to replace.")
    if (kind == PermitPlate.Kind.OWN) != (until is None):
        raise CannotSwap("A rental, loaner or temporary plate has a last day; your own plate has none.")
    longest = timedelta(days=int(policy.parameter("permit_borrowed_days")))
    if until is not None and until > now + longest:
        raise CannotSwap(f"A borrowed plate is put in for {longest.days} days at most.")
    if any((span.plate, span.state) == (plate, state) for span in in_force(spans, now)):
        raise CannotSwap("This plate is in force already.")
    others = PermitPlate.objects.filter(permit_class=permit.terms.permit_class_id, plate=plate, plate_state=state,
                                        ends__gt=now, begins__lt=until or permit.ends)  # fmt: skip
    if others.filter(ends__gt=F("begins")).exclude(permit=permit, place=place).exists():
        raise CannotSwap("This plate has a permit of this class at that time already.")


def _end(spans: tuple[Span, ...]) -> None:
    for span in spans:
        PermitPlate.objects.filter(pk=span.key or 0).update(ends=span.ends)


def _follow_in_renewals(permit: Permit, plate: str, state: str, place: int, by: User | None) -> None:
    """A renewal that is granted already begins with the plate that the permit has by then."""
    for later in permit.renewed_by.filter(ended_at__isnull=True, begins__gt=timezone.now()).select_related("terms"):
        if place > later.terms.plates_max or later.terms.permit_class_id != permit.terms.permit_class_id:
            continue
        change = put(spans_of(later.plates.all()), place, plate, state, later.begins, later.ends)
        _end(change.ended)
        row = plate_row(later, plate, state, place, later.begins, later.ends, added_by=by,
                        reason=f"As changed in {permit.number}.")  # fmt: skip
        row.save()


def end_permit(*, permit: Permit, reason: str, actor: User | None = None, ground: str = "") -> Permit:
    """End a permit now: its holder gives it up (no actor), or a manager ends it; for misuse only after a warning.

    Raises PolicyDenied, StaleState.
    """
    if actor is not None:
        with policy.door(actor, "permit.change", permit, justification=reason, ground=ground, **_facts(permit, "end")):
            _close(permit, reason, actor)
            post_when_kept(to=permit.application.email, about="ended", permit=permit, reasons=reason)
        return permit
    with transaction.atomic():
        found = Permit.objects.select_for_update(of=["self"]).get(pk=permit.pk)
        _close(found, reason or "Given up by the holder.", None)
        record(actor=None, action="permit.given_up", subject=found, actor_label=HOLDER)
    return found


def _close(permit: Permit, reason: str, by: User | None) -> datetime:
    """End the permit and every plate of it; gives the moment."""
    now = timezone.now()
    if permit.is_over:
        raise StaleState("This permit has ended already.")
    _end(end_all(spans_of(permit.plates.all()), now))
    for visit in permit.plates.filter(place=0, ends__gt=now):
        PermitPlate.objects.filter(pk=visit.pk).update(ends=max(now, visit.begins))
    permit.ended_at, permit.ended_reason, permit.ended_by = now, reason.strip(), by
    permit.save(update_fields=["ended_at", "ended_reason", "ended_by"])
    return now


def replace_permit(*, permit: Permit, actor: User, reason: str) -> Permit:
    """End a permit and give another number for the rest of its time, with the plates it has; the two are linked.

    Raises PolicyDenied, StaleState.
    """
    with policy.door(actor, "permit.change", permit, justification=reason, **_facts(permit, "replace")):
        spans = [span for span in spans_of(permit.plates.all()) if span.ends > max(timezone.now(), span.begins)]
        begins = _close(permit, reason, actor)
        new = number_and_save(
            Permit(application=permit.application, terms=permit.terms, begins=begins, ends=permit.ends, nth=permit.nth,
                   price_cents=0, approved_by=actor, renewal_of=permit.renewal_of)
        )  # fmt: skip
        PermitPlate.objects.bulk_create(
            plate_row(new, span.plate, span.state, span.place, max(span.begins, begins), span.ends, kind=span.kind,
                      added_by=actor)
            for span in spans
        )  # fmt: skip
        permit.replaced_by = new
        permit.save(update_fields=["replaced_by"])
        post_when_kept(to=permit.application.email, about="replaced", permit=new, old=permit, reasons=reason)
    return new


def warn_holder(*, permit: Permit, actor: User, words: str, alert: Alert | None = None) -> PermitWarning:
    """Warn a holder that a permit seems misused, on the record and by e-mail. Raises PolicyDenied."""
    with policy.door(actor, "permit.change", permit, justification=words, **_facts(permit, "warn")) as decision:
        warning = PermitWarning.objects.create(
            permit=permit, alert=alert, words=words.strip(), by=actor, decision=decision
        )
        post_when_kept(to=permit.application.email, about="warned", permit=permit, reasons=words)
    return warning
