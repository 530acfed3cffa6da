"""The parking division of these tests: people, and one of each thing that has a page."""

from dataclasses import dataclass, field
from itertools import count

from ecpd.accounts.models import User
from parking.models import Citation, CitationDraft, CurbArea, Violation, Zone
from tests.factories import parking as make

_serial = count(1)


def serial() -> int:
    """A number that was not given before."""
    return next(_serial)


@dataclass
class Town:
    """Who works there (by role), the reader, a zone, a violation, an area; a citation with one of everything."""

    people: dict[str, User]
    agency: make.ParkingAgency
    zone: Zone
    area: CurbArea
    violation: Violation
    citation: Citation = field(init=False)
    draft: CitationDraft = field(init=False)
