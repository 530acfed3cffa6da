"""Permits with what befell them, applications that wait, exempt plates; all through the services."""

from datetime import date

from parking.citations.upload import Upload
from parking.models import Permit, PermitTerms
from parking.services import exemption, permit, permit_guest
from tests.parking.pages.town import Town, serial
from tests.parking.permits import making


def more_permits(town: Town) -> None:
    """Classes with rules, a resident's and a visitor's permit, applications for one address, an exempt plate."""
    manager = town.people["manager"]
    before = making.terms(manager, [town.area], name=f"Residents {serial()}")
    home = making.more_terms(before.permit_class, manager, [town.area], effective_on=date(2026, 2, 1))
    _lived_in(making.permit(home, manager, plate(6)), town)
    guests = making.terms(manager, [town.area], kind="visitor", guest_hours=8, guest_visits_max=5, documents="",
                          name=f"Visitors {serial()}")  # fmt: skip
    _visited(making.permit(guests, manager))
    _applied_for(home)
    exemption.add_exemption(actor=manager, plate=plate(3), state="US-CA", kind="city_fleet", words="A truck of the city",
                            source="Fleet list", last_day=date(2027, 6, 1))  # fmt: skip


def plate(first: int) -> str:
    """A plate of its own."""
    return f"{first}ABC{100 + serial()}"


def _lived_in(held: Permit, town: Town) -> None:
    manager = town.people["manager"]
    permit.swap_plate(permit=held, plate=plate(5), state="US-CA", actor=manager, reason="The holder has another car.")
    permit.warn_holder(permit=held, actor=manager, words="Two of its cars were seen at once.")


def _visited(held: Permit) -> None:
    _, code = permit_guest.make_code(permit=held, label="Family", visits=3, days=2)
    permit_guest.enter_visit(code=code, plate=plate(2), state="US-CA", address=f"192.0.2.{serial() % 250}")


def _applied_for(home: PermitTerms) -> None:
    for name in ("Rosa Quill", "Ada Finch"):
        making.application(home, plate(4), name=name, email=f"{name[:3].lower()}@example.com",
                           uploads=[Upload("bill.pdf", making.PDF)])  # fmt: skip
