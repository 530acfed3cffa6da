"""Generated curb rules: spans, rules, policies."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from shapely.geometry import Polygon

from parking.curbs.types import (
    Activity,
    CurbArea,
    CurbPolicy,
    CurbRule,
    CurbSet,
    CurbSpace,
    CurbZone,
    Rate,
    Scope,
    TimeSpan,
)

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
CLASSES = ("permit_a", "permit_b", "truck", "electric", "disabled_parking_permit")
PERIODS = ("holidays", "school days")

clock_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
moments = st.builds(
    lambda day, second: datetime(2026, 1, 1, tzinfo=LOS_ANGELES) + timedelta(days=day, seconds=second),
    st.integers(0, 700),
    st.integers(0, 86_399),
)
dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def some_of(first: int, last: int) -> st.SearchStrategy[frozenset[int]]:
    """Nothing, or a few numbers of a range."""
    return st.one_of(st.just(frozenset()), st.frozensets(st.integers(first, last), min_size=1))


@st.composite
def time_ranges(draw) -> tuple[time | None, time | None]:
    """A range that holds something: both ends, one, or none."""
    start, end = draw(st.none() | clock_times), draw(st.none() | clock_times)
    if end is not None and end <= (start or time()):
        start, end = (end, start) if start is not None and end < start else (None, None)
    return start, end


@st.composite
def time_spans(draw, exceptions: bool = True) -> TimeSpan:
    """A time span with any of its parts."""
    start, end = draw(time_ranges())
    first, last = draw(st.none() | dates), draw(st.none() | dates)
    if first and last and last <= first:
        last = None
    period = draw(st.sampled_from(("", "", *PERIODS)))
    return TimeSpan(
        days=draw(some_of(0, 6)),
        start=start,
        end=end,
        weeks_of_month=draw(some_of(1, 5)),
        days_of_month=draw(some_of(1, 31)),
        months=draw(some_of(1, 12)),
        start_date=first,
        end_date=last,
        period=period,
        period_except=bool(period) and draw(st.booleans()),
        exception=exceptions and draw(st.integers(0, 4)) == 0,
    )


rates = st.builds(
    Rate,
    rate=st.integers(0, 5000),
    rate_unit=st.sampled_from(("minute", "hour", "day")),
    extra=st.sampled_from(((), (("rate_unit_period", "calendar"),), (("increment_duration", 15),))),
)


@st.composite
def curb_rules(draw) -> CurbRule:
    """A rule; who it is for and who it is not for are different people."""
    only = draw(st.lists(st.sampled_from(CLASSES), max_size=2, unique=True))
    others = [name for name in CLASSES if name not in only]
    return CurbRule(
        activity=draw(st.sampled_from(Activity)),
        max_stay=draw(st.none() | st.integers(1, 4320)),
        no_return=draw(st.none() | st.integers(1, 300)),
        user_classes=tuple(only),
        user_classes_except=tuple(draw(st.lists(st.sampled_from(others), max_size=2, unique=True))),
        purposes=tuple(draw(st.lists(st.sampled_from(("delivery", "school")), max_size=2, unique=True))),
        rates=tuple(draw(st.lists(rates, max_size=1))),
        name=draw(st.sampled_from(("", "Street cleaning"))),
    )


def _people(rule: CurbRule) -> tuple:
    return frozenset(rule.user_classes), frozenset(rule.user_classes_except), frozenset(rule.purposes)


@st.composite
def curb_policies(draw, priority: int = 1) -> CurbPolicy:
    """A policy with a few rules and spans."""
    return CurbPolicy(
        id=str(draw(st.uuids())),
        priority=priority,
        rules=tuple(draw(st.lists(curb_rules(), min_size=1, max_size=2, unique_by=_people))),
        spans=tuple(draw(st.lists(time_spans(), max_size=3))),
        published_ms=draw(st.integers(1_500_000_000_000, 1_800_000_000_000)),
        name=draw(st.sampled_from(("", "Downtown"))),
    )


@st.composite
def policy_stacks(draw, steps: tuple[int, ...] = (10,)) -> tuple[CurbPolicy, ...]:
    """The policies of one zone, each so many priorities behind the one before it: by default each with its own."""
    count = draw(st.integers(0, 3))
    priorities = accumulate(draw(st.sampled_from(steps)) for _ in range(count))
    return tuple(draw(curb_policies(priority=priority)) for priority in priorities)


@st.composite
def strips(draw, place: int) -> Polygon:
    """A polygon of its own for each place, a block long."""
    west, south = -122.31 + 0.002 * place, 37.90
    length, width = draw(st.floats(0.0002, 0.001)), draw(st.floats(0.00002, 0.00003))
    return Polygon([(west, south), (west + length, south), (west + length, south + width), (west, south + width)])


@st.composite
def curb_sets(draw) -> CurbSet:
    """Zones with their policies, an area, spaces."""
    stack = draw(policy_stacks(steps=(10, 10, 10, 10, 1, 0)))
    own = uuid.UUID(int=draw(st.integers(0, 2**120)))
    area_id = str(uuid.uuid5(own, "area"))
    zones = []
    for place in range(draw(st.integers(1, 3))):
        zones.append(draw(curb_zones(str(uuid.uuid5(own, str(place))), place, stack, area_id)))
    area = CurbArea(
        area_id, Polygon([(-122.4, 37.8), (-122.2, 37.8), (-122.2, 38), (-122.4, 38)]), published_ms=1_700_000_000_000
    )
    area = replace(area, zone_ids=tuple(zone.id for zone in zones), updated_ms=1_700_000_000_001)
    space = CurbSpace(
        str(uuid.uuid5(own, "space")), zones[0].geometry, zones[0].id, 1, 600, "A", 1_700_000_000_000, 1_700_000_000_000
    )
    return CurbSet(zones=tuple(zones), policies=stack, areas=(area,), spaces=(space,), author="City of El Cerrito")


@st.composite
def curb_zones(draw, name: str, place: int, stack: tuple[CurbPolicy, ...], area: str) -> CurbZone:
    """A zone with some of a stack's policies."""
    start = draw(st.integers(1_500_000_000_000, 1_800_000_000_000))
    return CurbZone(
        id=name,
        geometry=draw(strips(place)),
        policy_ids=tuple(policy.id for policy in stack if draw(st.booleans())),
        name=draw(st.sampled_from(("", "Fairmount lot"))),
        street="Central Avenue",
        side=draw(st.sampled_from(("", "N", "SW"))),
        length_cm=draw(st.none() | st.integers(1, 20_000)),
        area_ids=(area,),
        published_ms=start,
        updated_ms=start + 1,
        start_ms=start,
        end_ms=draw(st.none() | st.just(start + 10**10)),
        scope=draw(st.sampled_from(Scope)),
        no_return_distance_m=draw(st.none() | st.floats(1, 800)),
        resolution=draw(st.sampled_from(("", "2026-41"))),
        signs_since=draw(st.none() | dates),
    )
