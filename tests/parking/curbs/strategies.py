"""Generated curb rules: spans, rules, policies."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from parking.curbs.types import Activity, CurbPolicy, CurbRule, Rate, TimeSpan

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


@st.composite
def curb_policies(draw, priority: int = 1) -> CurbPolicy:
    """A policy with a few rules and spans."""
    return CurbPolicy(
        id=str(draw(st.uuids())),
        priority=priority,
        rules=tuple(draw(st.lists(curb_rules(), min_size=1, max_size=2))),
        spans=tuple(draw(st.lists(time_spans(), max_size=3))),
        published_ms=draw(st.integers(1_500_000_000_000, 1_800_000_000_000)),
        name=draw(st.sampled_from(("", "Downtown"))),
    )


@st.composite
def policy_stacks(draw) -> tuple[CurbPolicy, ...]:
    """The policies of one zone, each with its own priority."""
    count = draw(st.integers(0, 3))
    return tuple(draw(curb_policies(priority=10 * (place + 1))) for place in range(count))
