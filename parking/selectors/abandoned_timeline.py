"""What happened to a vehicle, in its order, from its own records; nothing is written twice."""

from parking.models import AbandonedVehicle
from parking.selectors.citation_timeline import Event


def timeline_of(matter: AbandonedVehicle) -> list[Event]:
    """Every event of a matter read by `matter_in_full`, the newest first."""
    events = [*_on_the_street(matter), *_of_tow(matter)]
    if matter.closed_at:
        events.append(Event(matter.closed_at, f"Closed: {matter.get_outcome_display().lower()}.", matter.closed_reason,
                            matter.closed_by.short_name, "stop"))  # fmt: skip
    return sorted(events, key=lambda event: event.at, reverse=True)


def _on_the_street(matter: AbandonedVehicle) -> list[Event]:
    title = f"Reported: {matter.get_source_display().lower()}."
    events = [Event(matter.reported_at, title, matter.words, matter.reported_by.short_name, "key")]
    if mark := getattr(matter, "mark", None):
        words = f"{mark.marks} Notice: {mark.notice_where}."
        events.append(Event(mark.at, "Warning marked.", words, mark.by.short_name, "key"))
    for look in matter.looks.all():
        events.append(
            Event(look.at, f"Second look: {look.get_outcome_display().lower()}.", look.words, look.by.short_name)
        )
    return events


def _of_tow(matter: AbandonedVehicle) -> list[Event]:
    order = getattr(matter, "tow", None)
    if order is None:
        return []
    events = [Event(order.at, f"Tow {order.number} ordered.", order.purpose, order.ordered_by.short_name, "key")]
    if removal := getattr(order, "removal", None):
        events.append(Event(removal.at, "Removed.", f"Stored at {order.storage}.", removal.by.short_name, "key"))
    for notice in order.notices.all():
        how = "handed over" if notice.by_hand else "sent"
        title = f"{notice} {how}."
        events.append(Event(notice.sent_at, title, notice.late_reason, notice.by.short_name))
    if hearing := getattr(order, "hearing", None):
        events.append(Event(hearing.asked_at, "Hearing asked for.", hearing.words, hearing.name, "key"))
        if result := getattr(hearing, "result", None):
            events.append(Event(result.held_at, f"{result}.", result.reason, result.held_by.short_name, "key"))
    if end := getattr(order, "end", None):
        events.append(Event(end.at, f"{end}.", end.to, end.by.short_name))
    return events
