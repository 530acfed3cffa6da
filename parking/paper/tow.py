"""What a tow order and the owners' notices say on paper (Vehicle Code 22651, 22669, 22852)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from ecpd.web.words import day, moment
from parking.abandoned.clocks import hearing_last_day
from parking.models import TowNotice, TowOrder
from parking.paper.citation import line, section


def _vehicle_rows(order: TowOrder) -> list[tuple[str, str]]:
    vehicle = order.vehicle
    plate = f"{vehicle.plate} {vehicle.plate_state.removeprefix('US-')}".strip()
    return [
        ("Vehicle", vehicle.vehicle),
        ("License plate", plate or "none"),
        ("VIN", vehicle.vin or "not read"),
    ]


def _authority(order: TowOrder) -> str:
    return f"{order.authority}; {order.ordinance}" if order.ordinance else order.authority


def order_content(order: TowOrder) -> dict[str, Any]:
    """The order for the tow company and the file, with an inventory sheet to fill in at the vehicle."""
    vehicle, warning = order.vehicle, order.vehicle.mark
    look = vehicle.looks.filter(outcome="still").order_by("-at").first()
    rows = [
        *_vehicle_rows(order),
        ("Stands at", vehicle.place),
        ("Authority", _authority(order)),
        ("Matter", f"{vehicle.get_kind_display()}, {vehicle.number}"),
        ("Seen here since", moment(vehicle.seen_since)),
        ("Warning marked", f"{moment(warning.at)}, {warning.by.short_name}"),
        ("Second look", f"{moment(look.at)}, {look.by.short_name}"),
        ("Ordered", f"{moment(order.at)}, {order.ordered_by.display_name}"),
        ("Ordered as", order.get_orderer_class_display()),
        ("Tow company", order.tow_company),
        ("To be stored at", order.storage),
    ]
    grounds = "; ".join(vehicle.grounds_in_words)
    why = [line(order.purpose), *([line(f"Grounds: {grounds}.")] if grounds else []),
           *([line(vehicle.grounds_words)] if vehicle.grounds_words else [])]  # fmt: skip
    return {
        "agency": settings.ORGANIZATION, "title": "Tow order", "number": order.number, "rows": rows,
        "sections": [section("Why it is removed", *why), section("Points of reference", line(warning.marks), line(look.words))],
        "inventory": ["Keys", "Registration", "Stereo, radio", "Tools", "Spare wheel", "Bags, boxes", "Trunk opened",
                      "Odometer", "Damage", "Other things"],
        "signatures": ["Ordered by", "Driver of the tow truck", "Inventory taken by"],
    }  # fmt: skip


def notice_content(notice: TowNotice, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The notice of stored vehicle to an owner, or what is reported when the owner is unknown (22852(b), 22853)."""
    order, vehicle = notice.order, notice.order.vehicle
    last = hearing_last_day(notice.dated, int(numbers["tow_hearing_ask_days"]))
    rows = [
        *_vehicle_rows(order),
        ("Removed from", vehicle.place),
        ("Removed on", moment(order.removal.at)),
        ("Stored at", order.storage),
        ("Authority", _authority(order)),
        ("Purpose", order.purpose),
        ("Removed for", settings.ORGANIZATION),
    ]
    doj = notice.sent_to == TowNotice.To.DOJ
    addressee = [notice.get_sent_to_display()] if doj else [
        f"{notice.name} ({notice.get_sent_to_display().lower()})", *notice.address.splitlines()]  # fmt: skip
    hearing = section(
        "You can have a hearing",
        line(f"You may ask for a hearing on whether this storage is valid until {day(last)}: in person, in writing or by "
             f"phone. {numbers['tow_hearing_contact']}.", bold=True),
        line(f"It is held within {numbers['tow_hearing_held_hours']} hours of your request, weekends and holidays left "
             "out, by somebody who did not order the tow. If the storage is found not valid, the agency pays for tow and "
             "storage."),
    )  # fmt: skip
    unknown = section("Owner not known", line("Registered and legal owner could not be found from plate or VIN."))
    return {
        "agency": settings.ORGANIZATION, "title": "Notice of stored vehicle", "number": order.number,
        "date": day(notice.dated), "addressee": addressee, "rows": rows, "sections": [unknown if doj else hearing],
    }  # fmt: skip
