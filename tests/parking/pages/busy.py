"""A parking division in which every page has something to show; each further round adds rows to every list."""

from ecpd.accounts.roles import Role
from tests.factories import parking as make
from tests.factories.people import make_user
from tests.parking.pages import busy_citations, busy_permits, busy_plates
from tests.parking.pages.town import Town
from tests.parking.permits.making import area


def busy_town() -> Town:
    """A town after one round."""
    agency = make.agency()
    people = {name: getattr(agency, name) for name in ("manager", "officer", "captain", "chief")}
    people |= {"examiner": make_user(Role.HEARING_EXAMINER), "other": make_user(Role.PARKING_MANAGER)}
    zones = make.street(agency.manager)
    violation = busy_citations.violation(agency.manager)
    town = Town(people, agency, zones["east"], area(list(zones.values())), violation)
    town.citation = busy_citations.cited(town, busy_plates.confirmed(town))
    town.draft = busy_citations.draft(town, busy_plates.confirmed(town))
    another_round(town)
    return town


def another_round(town: Town) -> None:
    """More rows of everything: on the town's one citation, beside it, and in every list."""
    busy_citations.more_of(town.citation, town)
    busy_citations.more_beside(town)
    busy_plates.more_alerts(town)
    busy_plates.more_plate_data(town)
    busy_plates.more_zones(town)
    busy_permits.more_permits(town)
