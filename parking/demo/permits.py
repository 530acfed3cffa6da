"""The demo's permits: for the residents of each of the two areas, and for their guests. Prices and resolution invented."""

from datetime import date
from typing import Any

from ecpd.accounts.models import User
from parking.demo.el_cerrito import NEIGHBORHOODS, RESOLUTION, SIGNS_SINCE, Neighborhood, el_cerrito
from parking.models import CurbArea, PermitClass
from parking.services import permit_class

RESIDENTIAL: dict[str, Any] = {
    "duration_days": 365, "prices": [4000, 6000, 9000], "most_per_household": 3,
    "eligibility": "Lives at an address in the area.",
    "documents": "Proof of the address\nRegistration of the vehicle",
}  # fmt: skip
VISITOR: dict[str, Any] = {
    "duration_days": 365, "prices": [2000], "most_per_household": 1, "guest_hours": 24, "guest_visits_max": 50,
    "eligibility": "Lives at an address in the area.", "documents": "Proof of the address",
}  # fmt: skip
KINDS = (("residential", RESIDENTIAL), ("visitor", VISITOR))
RESOLVED_ON = date(2026, 2, 3)


def offer(manager: User) -> None:
    """Add the classes that are missing, each with its rules (idempotent)."""
    for place, value in zip(NEIGHBORHOODS, el_cerrito().areas, strict=True):
        if area := CurbArea.objects.filter(pk=value.id).first():
            for kind, rules in KINDS:
                _offer(manager, place, area, kind, rules)


def _offer(manager: User, place: Neighborhood, area: CurbArea, kind: str, rules: dict[str, Any]) -> None:
    code = f"{kind}-{place.letter.lower()}"
    found = PermitClass.objects.filter(code=code).first() or permit_class.add_class(
        actor=manager, code=code, name=f"{kind.title()} permit {place.letter}", kind=kind,
        words=f"Lifts the four-hour limit round {place.name}.",
    )  # fmt: skip
    if not found.terms.exists():
        permit_class.set_terms(
            permit_class=found, actor=manager, areas=[area], user_class=f"permit_{place.letter.lower()}",
            resolution=RESOLUTION, resolved_on=RESOLVED_ON, effective_on=SIGNS_SINCE, **rules,
        )  # fmt: skip
