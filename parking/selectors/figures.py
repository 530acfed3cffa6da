"""What plate reading brings, in numbers: for the chief's report. No plate and no driver stands in them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from parking.models import (
    Alert,
    AlertAnswer,
    Citation,
    Contest,
    ContestResult,
    Device,
    LedgerEntry,
    Permit,
    Read,
)

# The department's announcement: what the readers and the software cost.
FIRST_YEAR_CENTS, LATER_YEARS_CENTS = 44_000_00, 6_500_00
CHALK_SECONDS = 25  # an officer on foot marks a tire and comes back to it; an assumption, shown beside the figure
FIRST_HOUR, LAST_HOUR = 7, 19


@dataclass(frozen=True)
class HeatRow:
    """A street's rate of overtime by hour: alerts among cars seen; None where nothing was seen."""

    place: str
    rates: list[float | None]
    reads: int
    alerts: int


@dataclass(frozen=True)
class Precision:
    """How a reader's or a zone's alerts fared: confirmed, dismissed by reason."""

    name: str
    confirmed: int
    dismissed: int
    reasons: dict[str, int]

    @property
    def share(self) -> float | None:
        """Confirmed among answered, None when none was."""
        answered = self.confirmed + self.dismissed
        return self.confirmed / answered if answered else None


@dataclass
class Figures:
    """Everything the page shows, from `begin` to and with `end`."""

    begin: date
    end: date
    reads: int = 0
    cars_in_zones: int = 0
    alerts: int = 0
    confirmed: int = 0
    dismissed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    citations: int = 0
    voided: int = 0
    contests: int = 0
    contests_won: int = 0
    permits: int = 0
    owed_cents: int = 0
    paid_cents: int = 0
    cost_cents: int = 0
    heat: list[HeatRow] = field(default_factory=list)
    by_reader: list[Precision] = field(default_factory=list)
    by_zone: list[Precision] = field(default_factory=list)
    by_day: list[tuple[date, int, int]] = field(default_factory=list)

    @property
    def hours_saved(self) -> float:
        """Hours that marking as many cars by hand would have taken."""
        return self.cars_in_zones * CHALK_SECONDS / 3600

    @property
    def precision(self) -> float | None:
        """Confirmed among answered alerts."""
        answered = self.confirmed + self.dismissed
        return self.confirmed / answered if answered else None


def figures(begin: date, end: date) -> Figures:
    """The figures of some days, both included; a constant number of queries."""
    span = (_midnight(begin), _midnight(end + timedelta(days=1)))
    reads = Read.objects.filter(captured_at__gte=span[0], captured_at__lt=span[1])
    alerts = Alert.objects.filter(last_at__gte=span[0], last_at__lt=span[1], kind=Alert.Kind.OVERTIME)
    found = Figures(begin, end)
    counts = reads.aggregate(all=Count("pk"), placed=Count("pk", filter=Q(state=Read.State.DONE)))
    found.reads, found.cars_in_zones = counts["all"], counts["placed"]
    answered = _answered(alerts)
    _answers(found, answered)
    _money(found, span)
    found.permits = Permit.objects.filter(approved_at__gte=span[0], approved_at__lt=span[1]).count()
    found.heat = _heat(reads, alerts)
    found.by_reader, found.by_zone = _precision(answered, "device__name"), _precision(answered, "zone__street")
    found.by_day = _by_day(alerts)
    return found


def _answered(alerts) -> list[dict[str, Any]]:
    """How many alerts stand how, by the reason they were dismissed for, reader and street."""
    named = ("state", "answer__reason", "device__name", "zone__street")
    return list(alerts.order_by().values(*named).annotate(n=Count("pk")))


def _answers(found: Figures, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        found.alerts += row["n"]
        if row["state"] == Alert.State.CONFIRMED:
            found.confirmed += row["n"]
        elif row["state"] == Alert.State.DISMISSED:
            found.dismissed += row["n"]
            found.reasons[_reason(row)] = found.reasons.get(_reason(row), 0) + row["n"]
    found.reasons = dict(sorted(found.reasons.items(), key=lambda each: -each[1]))


def _reason(row: dict[str, Any]) -> str:
    return str(dict(AlertAnswer.Reason.choices).get(row["answer__reason"], row["answer__reason"]))


def _money(found: Figures, span: tuple[datetime, datetime]) -> None:
    issued = Citation.objects.filter(issued_at__gte=span[0], issued_at__lt=span[1])
    counts = issued.aggregate(all=Count("pk"), voided=Count("void"))
    found.citations, found.voided = counts["all"], counts["voided"]
    results = ContestResult.objects.filter(at__gte=span[0], at__lt=span[1])
    found.contests = Contest.objects.filter(filed_at__gte=span[0], filed_at__lt=span[1]).count()
    found.contests_won = results.filter(outcome=ContestResult.Outcome.DISMISSED).count()
    entries = LedgerEntry.objects.filter(at__gte=span[0], at__lt=span[1]).order_by()
    sums = dict(entries.values_list("kind").annotate(total=Sum("amount_cents")))
    found.owed_cents = sum(sums.get(kind, 0) for kind in ("penalty", "late_fee", "plan_fee"))
    found.paid_cents = abs(sums.get("payment", 0) + sums.get("refund", 0))
    found.cost_cents = _cost(found.begin, found.end)


def _cost(begin: date, end: date) -> int:
    """The announced cost's share of these days: the first year from the first reader on, then the later ones."""
    first = Device.objects.order_by("registered_at").values_list("registered_at", flat=True).first()
    if first is None:
        return 0
    started = timezone.localdate(first)
    year = started + timedelta(days=365)
    days_first = _overlap(begin, end, started, year - timedelta(days=1))
    days_later = _overlap(begin, end, year, date.max)
    return round((days_first * FIRST_YEAR_CENTS + days_later * LATER_YEARS_CENTS) / 365)


def _overlap(begin: date, end: date, since: date, until: date) -> int:
    return max((min(end, until) - max(begin, since)).days + 1, 0)


def _heat(reads, alerts) -> list[HeatRow]:
    """Streets by hour of day; the twelve streets with most cars seen."""
    placed = reads.filter(state=Read.State.DONE, zone__isnull=False)
    seen = _by_street_and_hour(placed, "captured_at")
    over = _by_street_and_hour(alerts.filter(zone__isnull=False), "last_at")
    streets: dict[str, int] = {}
    for (street, _), n in seen.items():
        streets[street] = streets.get(street, 0) + n
    rows = []
    for street in sorted(streets, key=lambda name: -streets[name])[:12]:
        rates = [_rate(over.get((street, hour), 0), seen.get((street, hour), 0))
                 for hour in range(FIRST_HOUR, LAST_HOUR)]  # fmt: skip
        total = sum(n for (name, _), n in over.items() if name == street)
        rows.append(HeatRow(street or "Other places", rates, streets[street], total))
    return rows


def _by_street_and_hour(rows, moment: str) -> dict[tuple[str, int], int]:
    local = ExtractHour(moment, tzinfo=timezone.get_default_timezone())
    found = rows.order_by().annotate(hour=local).values_list("zone__street", "hour").annotate(n=Count("pk"))
    return {(street, hour): n for street, hour, n in found}


def _rate(alerts: int, reads: int) -> float | None:
    return alerts / reads if reads else None


def _precision(rows: list[dict[str, Any]], name: str) -> list[Precision]:
    known: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["state"] == Alert.State.LIVE:
            continue
        counts = known.setdefault(row[name] or "Not known", {"confirmed": 0, "dismissed": 0, "reasons": {}})
        counts[row["state"]] += row["n"]
        if row["state"] == Alert.State.DISMISSED:
            counts["reasons"][_reason(row)] = counts["reasons"].get(_reason(row), 0) + row["n"]
    return sorted((Precision(key, **values) for key, values in known.items()), key=lambda each: each.name)


def _by_day(alerts) -> list[tuple[date, int, int]]:
    """Day, alerts raised, of them confirmed."""
    day = TruncDate("last_at", tzinfo=timezone.get_default_timezone())
    rows = alerts.order_by().annotate(day=day).values("day").annotate(
        n=Count("pk"), confirmed=Count("pk", filter=Q(state=Alert.State.CONFIRMED))
    )  # fmt: skip
    return sorted((row["day"], row["n"], row["confirmed"]) for row in rows)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
