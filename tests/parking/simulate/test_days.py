"""A simulated patrol drives on a day on which limits are in force."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from parking.bench.agency import newest_weekday
from parking.demo.load import _shift
from parking.management.commands.simulate_patrol import _start
from parking.simulate.days import working_day_until
from parking.simulate.grid import grid

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 11, 25), date(2026, 11, 25)),
        (date(2026, 11, 26), date(2026, 11, 25)),  # Thanksgiving
        (date(2026, 11, 29), date(2026, 11, 25)),  # the Sunday after it: a holiday, a holiday, a weekend
        (date(2027, 1, 3), date(2026, 12, 31)),  # across the year
    ],
)
def test_the_newest_working_day(day, found):
    assert working_day_until(day) == found


@pytest.mark.parametrize("begins", [lambda: _start("", 9, grid(4)), _shift, newest_weekday])
def test_every_simulated_shift_is_on_a_working_day(begins):
    with time_machine.travel(datetime(2026, 11, 29, 4, tzinfo=UTC), tick=False):
        assert begins().date() == date(2026, 11, 25)


def test_nobody_looks_for_weekdays_by_himself():
    """Weekends and holidays go together; whoever asks for one asks for both."""
    for path in (ROOT / "parking").rglob("*.py"):
        source = path.read_text()
        asks = [node for node in ast.walk(ast.parse(source)) if getattr(node, "attr", "") == "weekday"]
        assert not asks or "holiday" in source, path
