"""One shift over a small grid, made once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from parking.simulate.grid import grid
from parking.simulate.simulation import Simulation

START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("America/Los_Angeles"))


@pytest.fixture(scope="package")
def shift() -> Simulation:
    """Two patrol cars, ten hours of a Tuesday, 6,000 reads."""
    return Simulation(grid(60), seed=3, reads=6000, cars=2, start=START)
