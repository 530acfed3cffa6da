"""Reads of abandoned vehicles: the list, one matter with all its page shows, what comes next and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from ecpd.web.words import day, moment
from parking.models import AbandonedVehicle
from parking.plates.likeness import normalise
from parking.selectors.tow import due_notice, last_day_to_ask, told

STATUS = {"reported": "wait", "marked": "info", "ready": "warn", "ordered": "warn", "closed": "done"}


@dataclass(frozen=True)
class NextStep:
    """What comes next: in words, from or until when, the page's name, and the action of the role table."""

    title: str
    words: str
    page: str
    action: str
    due: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether its time is over (or, for a second look, has come)."""
        return self.due is not None and self.due <= timezone.now()


def matters() -> QuerySet[AbandonedVehicle]:
    """Matters with what a row and its next step need; a constant number of queries."""
    return AbandonedVehicle.objects.select_related(
        "reported_by", "mark", "tow__removal", "tow__hearing__result", "tow__end"
    ).prefetch_related("looks", "tow__notices")  # fmt: skip


def matter_in_full(number: str) -> AbandonedVehicle:
    """One matter with all its page shows. Raises AbandonedVehicle.DoesNotExist."""
    found = matters().select_related(
        "closed_by", "alert", "mark__by", "tow__ordered_by", "tow__removal__by", "tow__hearing__entered_by",
        "tow__hearing__result__held_by", "tow__end__by",
    )  # fmt: skip
    return found.prefetch_related("looks__by", "photos__by", "tow__notices__by").get(number=number)


def found_by(found: QuerySet[AbandonedVehicle], words: str) -> QuerySet[AbandonedVehicle]:
    """Those with this number or plate, or at this place."""
    by_plate = Q(plate=normalise(words)) if normalise(words) else Q()
    return found.filter(Q(number__icontains=words) | Q(place__icontains=words) | by_plate)


def counts(name: str) -> dict[str, int]:
    """How many matters have which state, or are of which kind."""
    return dict(AbandonedVehicle.objects.order_by().values_list(name).annotate(n=Count("pk")))


def next_step(matter: AbandonedVehicle) -> NextStep | None:
    """What comes next in a matter read by `matters()`; None when it is closed."""
    state = AbandonedVehicle.State
    if matter.state == state.CLOSED:
        return None
    if matter.state == state.REPORTED:
        return NextStep("Mark the warning", "Somebody goes there, looks, and marks it or closes it.", "abandoned-mark",
                        "abandoned.mark")  # fmt: skip
    if matter.state == state.MARKED:
        look_from = matter.mark.look_from
        words = f"The warning runs until {moment(look_from)}." if look_from > timezone.now() else "The warning has run."
        return NextStep("Look again", words, "abandoned-look", "abandoned.mark", look_from)
    if matter.state == state.READY:
        return NextStep("Order the tow", "A second look found it still there.", "tow-order", "tow.order")
    return _next_of_tow(matter.tow)


def _next_of_tow(order: Any) -> NextStep:
    if not hasattr(order, "removal"):
        return NextStep("Enter the removal", f"Ordered {moment(order.at)}.", "tow-removal", "tow.notice")
    due, last = due_notice(order), last_day_to_ask(order)
    if due is not None and (last is None or not told(order)):
        return NextStep("Tell the owners", f"Notices are due by {moment(due)}.", "tow-notice", "tow.notice", due)
    hearing = getattr(order, "hearing", None)
    if hearing is not None and not hasattr(hearing, "result"):
        words = f"To be held by {moment(hearing.due_at)}."
        return NextStep("Hold the hearing", words, "tow-hearing", "tow.hear", hearing.due_at)
    words = f"The owners may ask for a hearing until {day(last)}." if last else ""
    if hearing is not None:
        words = f"{hearing.result}."
    return NextStep("Release or dispose of it", words, "tow-end", "tow.notice")
