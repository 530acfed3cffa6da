"""PK-03 at the moment of issue, asked of the real engine: rights of the plate, hours of the zone, doubt."""

from datetime import UTC, datetime, timedelta

import pytest

from parking.models import Citation
from parking.overtime.permits import Permit
from parking.selectors import rights
from parking.selectors.citation_permission import permission_for
from parking.services.violation import add_violation
from tests.factories import parking as make

NOON, NIGHT = make.MONDAY_NOON, make.MONDAY_NOON + timedelta(hours=9)


@pytest.fixture
def east(people):
    """A four-hour zone, weekdays from 7 to 6."""
    return make.street(people.manager)["east"]


@pytest.fixture
def permits(monkeypatch) -> list[Permit]:
    """The rights that are known; the permits' own provider has its own tests."""
    known: list[Permit] = []
    monkeypatch.setattr(rights, "_providers", [lambda keys, begin, end: known])
    return known


def asked(table, zone, *, at: datetime = NOON, code: str = "overtime", plate: str = "7ABC123"):
    return permission_for(Citation(violation=table[code], zone=zone, plate=plate, plate_state="US-CA", violation_at=at))


def test_without_a_permit_in_enforced_hours_nothing_allows_it(table, east, permits):
    answer = asked(table, east)
    assert answer.allowed is False
    assert "Limit 4 h" in answer.words


def test_a_permit_of_this_plate_allows_it(table, east, permits):
    permits.append(Permit("R-1", ("7ABC123",), name="Residential permit"))
    assert asked(table, east).allowed is True


def test_a_permit_that_has_ended_does_not(table, east, permits):
    permits.append(Permit("R-1", ("7ABC123",), ends=datetime(2026, 11, 1, tzinfo=UTC)))
    assert asked(table, east).allowed is False


def test_a_permit_of_a_plate_that_looks_alike_is_a_doubt(table, east, permits):
    permits.append(Permit("R-1", ("7A8C123",), name="Residential permit"))
    assert asked(table, east).allowed is None


def test_at_an_hour_when_nothing_is_enforced_it_is_allowed(table, east, permits):
    assert asked(table, east, at=NIGHT).allowed is True


def test_a_second_violation_of_the_section_is_lifted_as_well(table, east, permits, people):
    permits.append(Permit("R-1", ("7ABC123",), name="Residential permit"))
    section = f"{table['overtime'].section.upper()}."
    again = add_violation(actor=people.manager, code="again", section=section, title="Parked too long", needs_zone=True)
    assert asked({"again": again}, east, code="again").allowed is True


def test_a_violation_no_permit_lifts_is_not_asked_about(table, east, permits):
    permits.append(Permit("R-1", ("7ABC123",)))
    assert asked(table, None, code="hydrant").allowed is False
