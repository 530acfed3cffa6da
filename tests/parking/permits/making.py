"""An area with two zones, classes of permits under a resolution, applications and permits; all through the services."""

from datetime import date, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from parking.models import CurbArea, Permit, PermitApplication, PermitClass, PermitTerms, Zone
from parking.services import permit_application, permit_class, permit_review
from tests.factories.leads import allowed, allowed_on
from tests.factories.people import make_user

_serial = count(1)
TERMS = {
    "user_class": "permit-A", "duration_days": 365, "prices": [4000, 6000, 9000], "most_per_household": 3,
    "eligibility": "Lives at an address in the area.", "documents": "Proof of the address\nRegistration of the vehicle",
    "resolution": "Resolution 2026-12", "resolved_on": date(2026, 1, 6), "effective_on": date(2026, 1, 15),
}  # fmt: skip
WHO = {"name": "Rosa Quill", "address": "12 Elm Street", "unit": "", "phone": "510-555-0100"}
EMAIL = "rosa@example.com"
PDF = b"%PDF-1.7\n%an invented bill\n"


def area(zones: list[Zone], name: str = "Area A") -> CurbArea:
    """An area that some zones belong to."""
    now = timezone.now()
    corners = [[-122.3, 37.9], [-122.3, 37.91], [-122.29, 37.9], [-122.3, 37.9]]
    by = zones[0].added_by if zones else make_user(Role.PARKING_MANAGER)
    with transaction.atomic():
        allowed(by, "zone.change")
        made = CurbArea.objects.create(name=name, geometry={"type": "Polygon", "coordinates": [corners]}, published_at=now,
                                       updated_at=now)  # fmt: skip
    for zone in zones:
        with transaction.atomic():
            allowed_on(zone.added_by, "zone.change", zone)
            zone.areas.add(made)
    return made


def terms(manager: User, areas: list[CurbArea], *, kind: str = "residential", name: str = "", **more) -> PermitTerms:
    """A class with rules in force."""
    added = permit_class.add_class(
        actor=manager, code=f"class-{next(_serial)}", name=name or f"{kind.title()} permit A", kind=kind
    )
    return more_terms(added, manager, areas, **more)


def more_terms(of: PermitClass, manager: User, areas: list[CurbArea], **more) -> PermitTerms:
    """Rules of a class."""
    return permit_class.set_terms(permit_class=of, actor=manager, areas=areas, **TERMS | more)


def application(
    under: PermitTerms, *plates: str, email: str = EMAIL, renewal_of=None, uploads=(), **who
) -> PermitApplication:
    """An application from the portal."""
    asked = [(plate, "US-CA") for plate in plates or ([] if under.is_for_guests else ["8ABC123"])]
    return permit_application.apply_online(
        terms=under, email=email, plates=asked, details=WHO | who, renewal_of=renewal_of, uploads=uploads
    )


def permit(under: PermitTerms, manager: User, *plates: str, **more) -> Permit:
    """A permit in force from now on."""
    return permit_review.approve(
        application=application(under, *plates, **more), actor=manager,
        reasons="Address and registration are proven.",
    )  # fmt: skip


def in_days(days: int):
    """A moment so many days from now."""
    return timezone.now() + timedelta(days=days)
