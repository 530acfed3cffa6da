"""Plates over time, as pure functions: whatever is swapped, exactly the plates in force count and nothing is lost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.permits.household import address_key, asks_kind_of_dwelling, price_of
from parking.permits.timeline import Change, Span, end_all, free_place, in_force, put

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=100)
PLACES = 2


@dataclass(frozen=True)
class Swap:
    """What somebody asks for: so many hours after the last one, perhaps for some hours only."""

    wait: int
    place: int
    plate: str
    hours: int | None


swaps = st.lists(
    st.builds(Swap, st.integers(0, 60), st.integers(1, PLACES), st.sampled_from("ABCDE"),
              st.none() | st.integers(1, 90)),
    max_size=12,
)  # fmt: skip


def carried_out(asked: list[Swap]) -> tuple[tuple[Span, ...], list[tuple[datetime, Swap]], list[Change]]:
    """The spans after a sequence of swaps, when each was made, and what each changed."""
    keys = count(1)
    spans = tuple(Span(f"OWN{place}", "US-CA", START, END, "own", place, next(keys)) for place in range(1, PLACES + 1))
    now, done, changes = START, [], []
    for swap in asked:
        now = min(now + timedelta(hours=swap.wait), END - timedelta(hours=100))
        until = None if swap.hours is None else now + timedelta(hours=swap.hours)
        change = put(spans, swap.place, swap.plate, "US-CA", now, END, kind="own" if until is None else "rental",
                     until=until)  # fmt: skip
        spans = tuple(span if span.key else Span(**vars(span) | {"key": next(keys)}) for span in change.applied(spans))
        done.append((now, swap))
        changes.append(change)
    return spans, done, changes


def expected(place: int, at: datetime, done: list[tuple[datetime, Swap]]) -> str:
    """Who has a place at a moment, told in words instead of spans: the last swap before, or the household's own plate
    when a borrowed one's time is over."""
    own, borrowed, ends = f"OWN{place}", "", START
    for made, swap in done:
        if made > at or swap.place != place:
            continue
        if swap.hours is None:
            own, borrowed = swap.plate, ""
        else:
            borrowed, ends = swap.plate, made + timedelta(hours=swap.hours)
    return borrowed if borrowed and at < ends else own


@given(swaps, st.integers(0, 2400))
def test_at_any_moment_exactly_one_plate_a_place_is_in_force_and_it_is_the_right_one(asked, hour):
    spans, done, _ = carried_out(asked)
    at = min(START + timedelta(hours=hour), END - timedelta(seconds=1))
    found = {span.place: span.plate for span in in_force(spans, at)}
    assert len(in_force(spans, at)) == PLACES
    assert found == {place: expected(place, at, done) for place in range(1, PLACES + 1)}


@given(swaps)
def test_the_history_is_complete_and_what_is_past_never_changes(asked):
    spans, done, changes = carried_out(asked)
    for (made, swap), change in zip(done, changes, strict=True):
        assert change.added[0].plate == swap.plate and change.added[0].begins == made
        assert all(span.ends == max(span.begins, made) for span in change.ended)
    told = [span for span in spans if span.kind != "own" or span.key <= PLACES]
    assert len(spans) == PLACES + sum(len(change.added) for change in changes)
    assert len({span.key for span in spans}) == len(spans) and len(told) >= PLACES


@given(swaps, st.integers(0, 2400))
def test_after_the_permit_ends_no_plate_is_in_force(asked, hour):
    spans, done, _ = carried_out(asked)
    at = max((made for made, _ in done), default=START)
    closed = {span.key: span for span in end_all(spans, at)}
    later = tuple(closed.get(span.key, span) for span in spans)
    assert not in_force(later, at + timedelta(hours=hour))


def test_a_borrowed_plate_past_the_end_of_the_permit_is_refused():
    own = Span("OWN", "US-CA", START, END, key=1)
    with pytest.raises(ValueError, match="not after the permit"):
        put((own,), 1, "R", "US-CA", START, END, kind="rental", until=END + timedelta(days=1))


def test_a_free_place_is_the_first_that_no_plate_has():
    own = Span("OWN", "US-CA", START, END, place=1, key=1)
    assert free_place((own,), START, 2) == 2
    assert free_place((own,), START, 1) is None


@pytest.mark.parametrize("written", [("12 Elm Street", "Apt. 4"), ("12 ELM ST.", "#4"), ("12  elm st", "unit 4")])
def test_one_household_is_found_however_its_address_is_written(written):
    assert address_key(*written) == "12 ELM ST #4"
    assert address_key("12 Elm Street") != address_key(*written)


@given(st.lists(st.integers(0, 50000), min_size=1, max_size=5), st.integers(1, 20))
def test_the_nth_permit_costs_its_tier_and_the_last_tier_goes_on(prices, nth):
    assert price_of(prices, nth) == (prices[nth - 1] if nth <= len(prices) else prices[-1])


@pytest.mark.parametrize("text", ["Single-family homes only", "Not for apartments", "State the type of dwelling"])
def test_words_that_ask_the_kind_of_dwelling_are_found(text):
    assert asks_kind_of_dwelling(text)
    assert not asks_kind_of_dwelling("Proof of the address, such as a utility bill")
