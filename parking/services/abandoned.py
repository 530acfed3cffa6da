"""A vehicle that is stored, abandoned or a hulk: reported, marked, looked at again, closed (PK-04)."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.numbering import next_serial
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from parking import store
from parking.abandoned.clocks import counts_as_moved
from parking.citations.upload import Upload, media_type_of
from parking.models import AbandonedLook, AbandonedMark, AbandonedPhoto, AbandonedVehicle, Alert
from parking.plates.likeness import normalise
from parking.selectors.shown import of_matter

WARNING_HOURS = {
    AbandonedVehicle.Kind.STORED: "warning_hours_stored",
    AbandonedVehicle.Kind.ABANDONED: "warning_hours_abandoned",
    AbandonedVehicle.Kind.HULK: "warning_hours_hulk",
}
TO_THE_END = {"gone": AbandonedVehicle.Outcome.GONE, "moved": AbandonedVehicle.Outcome.MOVED}


def warning_hours(kind: str) -> int:
    """How long a marked warning of this kind runs, in hours, by the manual in force."""
    return int(policy.parameter(WARNING_HOURS[AbandonedVehicle.Kind(kind)]))


def report(
    *, actor: User, kind: str, source: str, vehicle: str, place: str, plate: str = "", plate_state: str = "",
    vin: str = "", words: str = "", longitude: float | None = None, latitude: float | None = None,
    alert: Alert | None = None, photos: Iterable[Upload] = (),
) -> AbandonedVehicle:  # fmt: skip
    """Enter a vehicle that somebody told of, an officer saw, or reads show standing for days. Raises PolicyDenied.

    Of an alert `seen_since` is its first read; an officer's own report begins with the moment of entering it; a
    caller's word about how long it has stood there starts no clock.
    """
    matter = AbandonedVehicle(
        kind=kind, source=source, vehicle=vehicle.strip(), place=place.strip(), plate=normalise(plate),
        plate_state=plate_state, vin=vin.strip().upper(), words=words.strip(), longitude=longitude, latitude=latitude,
        alert=alert, reported_by=actor, seen_since=_seen_since(source, alert),
    )  # fmt: skip
    with policy.door(actor, "abandoned.mark", matter, step="report") as decision:
        matter.year, matter.serial = next_serial(AbandonedVehicle)
        matter.decision = decision
        matter.full_clean(exclude=["number"])
        matter.save()
        keep_photos(matter, AbandonedPhoto.Step.REPORT, photos, actor)
    return matter


def _seen_since(source: str, alert: Alert | None):
    if alert is not None:
        return alert.first_at
    return timezone.now() if source == AbandonedVehicle.Source.OFFICER else None


def mark(
    *, matter: AbandonedVehicle, actor: User, kind: str, grounds: list[str], grounds_words: str, marks: str,
    notice_text: str, notice_where: str, odometer: Decimal | None = None, photos: Iterable[Upload] = (),
) -> AbandonedMark:  # fmt: skip
    """Mark the warning: what it rests on, how the vehicle stands, the notice left on it. Raises PolicyDenied."""
    photos, now, hours = list(photos), timezone.now(), warning_hours(kind)
    warning = AbandonedMark(
        vehicle=matter, at=now, by=actor, marks=marks.strip(), odometer=odometer, notice_text=notice_text.strip(),
        notice_where=notice_where.strip(), hours=hours, look_from=now + timedelta(hours=hours),
    )  # fmt: skip
    as_marked = AbandonedVehicle(kind=kind, grounds=grounds, grounds_words=grounds_words.strip())
    facts: dict[str, Any] = {"step": "mark", "vehicle": as_marked, "mark": warning, "photos": len(photos),
                             "shown": seen(None, lambda: of_matter(matter))}  # fmt: skip
    with policy.door(actor, "abandoned.mark", matter, **facts) as decision:
        warning.decision = decision
        warning.full_clean(exclude=["vehicle"])
        matter.kind, matter.grounds, matter.grounds_words = kind, grounds, as_marked.grounds_words
        matter.seen_since = matter.seen_since or now
        matter.save(update_fields=["kind", "grounds", "grounds_words", "seen_since"])  # what the warning rests on
        warning.save(force_insert=True)
        keep_photos(matter, AbandonedPhoto.Step.MARK, photos, actor)
        matter.state = AbandonedVehicle.State.MARKED
        matter.save(update_fields=["state"])
    return warning


def look_again(
    *, matter: AbandonedVehicle, actor: User, there: bool, words: str, odometer: Decimal | None = None,
    miles: Decimal | None = None, photos: Iterable[Upload] = (),
) -> AbandonedLook:  # fmt: skip
    """Enter a second look. Whether it moved is decided by the odometer and what was measured, as the manual has it.

    Gone, or moved far enough: the matter is closed. Raises PolicyDenied before the warning's time has run.
    """
    photos = list(photos)
    found = AbandonedLook(vehicle=matter, at=timezone.now(), by=actor, odometer=odometer, miles=miles, words=words.strip(),
                          outcome=_found(matter, there, odometer, miles))  # fmt: skip
    facts: dict[str, Any] = {"step": "look", "look": found, "photos": len(photos),
                             "shown": seen(None, lambda: of_matter(matter))}  # fmt: skip
    with policy.door(actor, "abandoned.mark", matter, **facts) as decision:
        found.decision = decision
        found.full_clean(exclude=["vehicle"])
        found.save(force_insert=True)
        keep_photos(matter, AbandonedPhoto.Step.LOOK, photos, actor)
        if found.outcome in TO_THE_END:
            close_now(matter, actor, TO_THE_END[found.outcome], found.words)
        elif matter.state == AbandonedVehicle.State.MARKED:
            matter.state = AbandonedVehicle.State.READY
            matter.save(update_fields=["state"])
    return found


def _found(matter: AbandonedVehicle, there: bool, odometer: Any, miles: Any) -> str:
    warning = getattr(matter, "mark", None)
    then = warning.odometer if warning else None
    least = policy.parameter("moved_miles_min")
    numbers = [None if value is None else float(value) for value in (then, odometer, miles)]
    if counts_as_moved(numbers[0], numbers[1], numbers[2], least):
        return AbandonedLook.Outcome.MOVED
    return AbandonedLook.Outcome.STILL if there else AbandonedLook.Outcome.GONE


def close(*, matter: AbandonedVehicle, actor: User, outcome: str, reason: str) -> AbandonedVehicle:
    """Close a matter for which no tow was ordered. Raises PolicyDenied without a reason, StaleState after an order."""
    facts = {"step": "close", "shown": seen(None, lambda: of_matter(matter))}
    with policy.door(actor, "abandoned.mark", matter, justification=reason, **facts):
        close_now(matter, actor, outcome, reason)
    return matter


def close_now(matter: AbandonedVehicle, actor: User, outcome: str, reason: str) -> None:
    """Close a matter inside the transaction of whoever calls. Raises StaleState when it is closed."""
    if matter.state == AbandonedVehicle.State.CLOSED:
        raise StaleState("This matter is closed already.")
    matter.state, matter.outcome, matter.closed_reason = AbandonedVehicle.State.CLOSED, outcome, reason.strip()
    matter.closed_at, matter.closed_by = timezone.now(), actor
    matter.save(update_fields=["state", "outcome", "closed_reason", "closed_at", "closed_by"])


def keep_photos(matter: AbandonedVehicle, step: str, photos: Iterable[Upload], by: User) -> None:
    """Keep the photos of one step inside the transaction of whoever calls. Raises UploadRefused for other files."""
    for photo in photos:
        AbandonedPhoto.objects.create(
            vehicle=matter, step=step, name=photo.name[:255], sha256=store.store(photo.content),
            media_type=media_type_of(photo), size=len(photo.content), by=by,
        )  # fmt: skip
