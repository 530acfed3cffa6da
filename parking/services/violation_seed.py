"""The table of violations a demonstration begins with. Vehicle Code sections are the law's; municipal sections and
all amounts are invented."""

from datetime import date
from typing import NamedTuple

from ecpd.accounts.models import User
from parking.models import Violation
from parking.services.violation import add_violation, set_amount

RESOLUTION = "Demonstration resolution 2026-01 (invented)"
RESOLVED_ON, IN_FORCE_FROM = date(2026, 1, 6), date(2026, 1, 15)


class _Entry(NamedTuple):
    code: str
    section: str
    title: str
    dollars: int
    late_dollars: int
    flags: dict[str, bool] = {}


_LIFTED = {"lifted_by_permit": True, "needs_zone": True}
TABLE = (
    _Entry("overtime", "Municipal Code 11.40.040", "Parked longer than the posted limit", 48, 24, _LIFTED),
    _Entry("permit-zone", "Municipal Code 11.40.060", "No permit in a permit zone", 52, 26, _LIFTED),
    _Entry("no-parking", "Municipal Code 11.40.020", "Parked where signs forbid it", 55, 28),
    _Entry("no-stopping", "Municipal Code 11.40.010", "Stopped where stopping is forbidden", 65, 33),
    _Entry("street-cleaning", "Municipal Code 11.40.090", "Parked during street cleaning", 55, 28),
    _Entry("loading", "Municipal Code 11.40.030", "Parked in a loading zone", 58, 29),
    _Entry("seventy-two-hours", "Municipal Code 11.40.120", "Stored on the street for 72 hours or more", 75, 38),
    _Entry("daylighting", "Vehicle Code 22500(n)", "Within 20 feet of a crosswalk", 65, 33),
    _Entry("sidewalk", "Vehicle Code 22500(f)", "On a sidewalk", 65, 33),
    _Entry("driveway", "Vehicle Code 22500(e)", "In front of a driveway", 60, 30),
    _Entry("crosswalk", "Vehicle Code 22500(b)", "On a crosswalk", 65, 33),
    _Entry("double", "Vehicle Code 22500(h)", "Double parked", 65, 33),
    _Entry("bus-stop", "Vehicle Code 22500(i)", "In a bus stop", 250, 60),
    _Entry("hydrant", "Vehicle Code 22514", "Within 15 feet of a fire hydrant", 75, 38),
    _Entry("fire-lane", "Vehicle Code 22500.1", "In a fire lane", 75, 38),
    _Entry("curb-18", "Vehicle Code 22502(a)", "Over 18 inches from the curb", 48, 24),
    _Entry("disabled", "Vehicle Code 22507.8(a)", "In a space of people with disabilities, no placard or plate", 350, 75,
           {"disabled_space": True}),
)  # fmt: skip


def seed_violations(*, actor: User) -> int:
    """Add what is missing of the table, with its amounts; how many were added. Idempotent."""
    known = set(Violation.objects.values_list("code", flat=True))
    missing = [(order, entry) for order, entry in enumerate(TABLE, start=1) if entry.code not in known]
    for order, entry in missing:
        violation = add_violation(
            actor=actor, code=entry.code, section=entry.section, title=entry.title, order=order * 10, **entry.flags
        )
        set_amount(
            violation=violation, actor=actor, amount_cents=entry.dollars * 100,
            late_fee_cents=entry.late_dollars * 100, effective_on=IN_FORCE_FROM, resolution=RESOLUTION,
            resolved_on=RESOLVED_ON,
        )  # fmt: skip
    return len(missing)
