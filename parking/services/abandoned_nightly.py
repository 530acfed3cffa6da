"""Every night: plates seen at one place for days become alerts for a person to look at (PK-04). Safe to run twice."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import F, Max, Min
from django.utils import timezone

from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.words import moment
from parking.abandoned.long_stay import LongStay, Seen, long_stay
from parking.models import AbandonedVehicle, Alert, Read
from parking.overtime.facts import Fact
from parking.services.keeping import keep_for

BACK = timedelta(days=14)
PLACED = (Read.State.DONE, Read.State.AMBIGUOUS, Read.State.REPEAT)
AT_ONCE = 500


def find_long_stays(*, now: datetime | None = None) -> int:
    """Raise an alert for each plate whose newest reads show it at one place for the hours of the law or more.

    Exactly the same letters and state only; a plate with an open matter or a waiting alert is left alone. Returns how
    many alerts were raised.
    """
    now = now or timezone.now()
    hours, gap = float(policy.parameter("stored_hours")), float(policy.parameter("long_stay_gap_hours"))
    found = _candidates(now - BACK, hours)
    return sum(
        _raise_for(stay)
        for start in range(0, len(found), AT_ONCE)
        for reads in _reads_of(found[start : start + AT_ONCE], now - BACK).values()
        if (stay := long_stay(reads, hours=hours, gap_hours=gap)) is not None
    )


def _placed(since: datetime):
    return Read.objects.filter(captured_at__gte=since, state__in=PLACED, x__isnull=False).exclude(plate="")


def _candidates(since: datetime, hours: float) -> list[tuple[str, str]]:
    """Plates whose first and last read lie far enough apart, without those somebody already looks after."""
    spans = (
        _placed(since).order_by().values("plate", "plate_state").annotate(a=Min("captured_at"), b=Max("captured_at"))
    )
    long = spans.filter(b__gte=F("a") + timedelta(hours=hours)).values_list("plate", "plate_state")
    known = set(
        AbandonedVehicle.objects.exclude(state=AbandonedVehicle.State.CLOSED).values_list("plate", "plate_state")
    )
    waiting = Alert.objects.filter(kind=Alert.Kind.LONG_STAY, state=Alert.State.LIVE)
    return sorted(set(long) - known - set(waiting.values_list("plate", "plate_state")))


def _reads_of(plates: list[tuple[str, str]], since: datetime) -> dict[tuple[str, str], list[Seen]]:
    wanted, found = set(plates), defaultdict(list)
    rows = _placed(since).filter(plate__in={plate for plate, _ in plates})
    names = ("plate", "plate_state", "pk", "captured_at", "x", "y", "sigma_m", "zone_id")
    for row in rows.values_list(*names, named=True):
        if (row.plate, row.plate_state) in wanted:
            seen = Seen(row.pk, row.captured_at, row.x, row.y, row.sigma_m, str(row.zone_id or ""))
            found[row.plate, row.plate_state].append(seen)
    return found


def _raise_for(stay: LongStay) -> bool:
    first, last = (
        Read.objects.select_related("device__registered_by", "zone").get(pk=stay.seen[n].id) for n in (0, -1)
    )
    if Alert.objects.filter(key=f"long_stay:{first.pk}").exists():
        return False
    alert = _alert_of(stay, first, last)
    passes = [seen.id for seen in stay.seen]
    try:
        with policy.door(last.device.registered_by, "alert.raise", alert) as decision:
            alert.decision = decision
            alert.save(force_insert=True)
            keep_for(alert, passes)
    except PolicyDenied:
        return False
    return True


def _alert_of(stay: LongStay, first: Read, last: Read) -> Alert:
    car = " ".join(part for part in (last.color, last.make, last.model, last.type) if part)
    return Alert(
        kind=Alert.Kind.LONG_STAY, key=f"long_stay:{first.pk}", plate=last.plate, plate_state=last.plate_state,
        vehicle=car[:120], zone=last.zone, place=str(last.zone or ""), device=last.device, first_read=first,
        last_read=last, first_at=first.captured_at, last_at=last.captured_at,
        facts=[fact.as_data() for fact in _facts(stay, first, last)],
        detail={"passes": [seen.id for seen in stay.seen], "longitude": last.x, "latitude": last.y},
    )  # fmt: skip


def _facts(stay: LongStay, first: Read, last: Read) -> list[Fact]:
    times = len(stay.seen)
    return [
        Fact("span", f"Seen here from {moment(first.captured_at)} to {moment(last.captured_at)}: {stay.hours:.0f} hours."),
        Fact("passes", f"Read {times} times at this place, and nowhere else in between."),
        Fact("gap", f"The longest time between two reads was {stay.longest_gap_hours:.0f} hours: it may have gone and come "
             "back. A marked warning shows whether it moves.", doubt=True),
        Fact("no_conclusion", "Time alone never says “abandoned”.", doubt=True),
    ]  # fmt: skip
