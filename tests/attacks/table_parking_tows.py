"""Attacks on abandoned vehicles and tows: the steps, the warning, the order, owners' notices and hearings."""

from tests.attacks.made import clone
from tests.attacks.written import amended, breaks, says, touch

VEHICLE, ORDER = "parking_abandonedvehicle", "parking_toworder"
READY = "(SELECT id FROM parking_abandonedvehicle WHERE state = 'ready' ORDER BY id LIMIT 1)"
OPEN_ORDER = ("(SELECT w.id FROM parking_toworder w WHERE NOT EXISTS (SELECT 1 FROM parking_towend e WHERE e.order_id = "
              "w.id) ORDER BY w.id LIMIT 1)")  # fmt: skip


def order(**changes: str) -> str:
    """An order for the vehicle that is ready, with these columns changed."""
    right = {"serial": "90001", "vehicle_id": READY, "decision_id": "NULL", "grounds": "array['hazard_hulk']"}
    return clone(ORDER, **(right | changes))


def matter(kind: str, **changes: str) -> str:
    """The vehicle that is ready, as another matter from its report on: made anew, marked, looked at."""
    return clone(VEHICLE, "state = 'ready'", **({"id": "990001", "serial": "90001", "kind": f"'{kind}'", "alert_id": "NULL",
                                                 "decision_id": "NULL", "seen_since": "now()"} | changes))  # fmt: skip


UNHEARD = ("(SELECT r.order_id FROM parking_towremoval r WHERE NOT EXISTS (SELECT 1 FROM parking_towhearing h WHERE "
           "h.order_id = r.order_id) ORDER BY 1 LIMIT 1)")  # fmt: skip
NOT_REMOVED = ("(SELECT o.id FROM parking_toworder o WHERE NOT EXISTS (SELECT 1 FROM parking_towremoval r WHERE r.order_id "
               "= o.id) AND NOT EXISTS (SELECT 1 FROM parking_towend e WHERE e.order_id = o.id) ORDER BY 1 LIMIT 1)")  # fmt: skip


def hearing(**changes: str) -> str:
    """A hearing about a removed vehicle that nobody asked to be heard about, asked for now."""
    right = {"order_id": UNHEARD, "asked_at": "now()", "due_at": "now() + interval '1 day'", "decision_id": "NULL",
             "last_day": "(now() + interval '60 days')::date"}  # fmt: skip
    return clone("parking_towhearing", **(right | changes))


def mark(**changes: str) -> str:
    """A warning on the matter that was made anew, left now."""
    right = {"vehicle_id": "990001", "at": "now()", "hours": "72", "look_from": "now() + interval '72 hours'",
             "decision_id": "NULL"}  # fmt: skip
    return clone("parking_abandonedmark", **(right | changes))


OF_THAT_TOW = (
    "(SELECT jsonb_build_object('number', w.number, 'rows', jsonb_build_array(jsonb_build_array('Removed from', v.place), "
    "jsonb_build_array('Vehicle', v.vehicle))) FROM parking_toworder w JOIN parking_abandonedvehicle v "
    "ON v.id = w.vehicle_id WHERE w.id = {long_removed})"
)

ATTACKS = [
    says(VEHICLE, "PK-04: A matter begins", "ready at birth", matter("hazard_hulk", state="'ready'")),
    says("parking_abandonedmark", "PK-04: A vehicle with", "a warning, and still only reported", mark(),
         matter("hazard_hulk"), shielded=True),
    says("parking_abandonedlook", "PK-04: After a second look", "gone, and still ready",
         clone("parking_abandonedlook", "outcome = 'still'", at="now()", outcome="'gone'", decision_id="NULL",
               vehicle_id=READY), shielded=True),
    says(ORDER, "PK-04: A vehicle whose tow", "ordered, and still only ready", order(), shielded=True),
    says(VEHICLE, "PK-04: A matter that comes", "another car than that of its alert",
         matter("stored_72h", plate="'6XXX666'", alert_id="(SELECT id FROM parking_alert ORDER BY id DESC LIMIT 1)")),
    says(VEHICLE, "PK-04: It counts as seen", "seen for nine days at birth",
         matter("stored_72h", source="'officer'", reported_at="now()", seen_since="now() - interval '9 days'"),
         shielded=True),
    says("parking_abandonedmark", "PK-04: A warning is marked", "a warning on what is ready",
         mark(vehicle_id="{unmarked}"), shielded=True),
    says("parking_abandonedlook", "PK-04: It went", "still there, five miles on",
         clone("parking_abandonedlook", "outcome = 'still'", at="now()", outcome="'still'", miles="5", decision_id="NULL")),
    says("parking_towremoval", "PK-10: A vehicle is removed", "removed before its order",
         clone("parking_towremoval", order_id=NOT_REMOVED, at="now() - interval '9 days'")),
    says("parking_townotice", "PK-10: A notice is written", "dated before the removal",
         clone("parking_townotice", decision_id="NULL", dated="(now() - interval '9 days')::date")),
    says("parking_townotice", "PK-10: A notice is written", "sent before the removal",
         clone("parking_townotice", decision_id="NULL", sent_at="now() - interval '9 days'")),
    says("parking_townotice", "PK-10: A notice or a report", "a report to the state that reports nothing",
         clone("parking_townotice", decision_id="NULL", sent_to="'doj'", content="'{}'::jsonb")),
    says("parking_townotice", "PK-10: A notice or a report", "a notice of another vehicle",
         clone("parking_townotice", decision_id="NULL", content="o.content - 'rows'")),
    says("parking_townotice", "PK-10: A notice is not mailed", "mailed before it was made",
         clone("parking_townotice", decision_id="NULL", order_id="{long_removed}", content=OF_THAT_TOW, late_reason="'Ill'",
               dated="(now() - interval '1 day')::date",
               sent_at="now() - interval '3 days'")),
    says("parking_townotice", "PK-10: The notice comes", "late without a word",
         clone("parking_townotice", decision_id="NULL", order_id="{long_removed}", content=OF_THAT_TOW,
               dated="(now() - interval '1 day')::date", sent_at="now()", late_reason="' '")),
    says("parking_towhearing", "PK-10: A hearing is asked for", "asked before the removal",
         hearing(asked_at="now() - interval '90 days'", due_at="now() - interval '90 days'")),
    says("parking_towhearing", "PK-10: A hearing is held", "a hearing in three years",
         hearing(due_at="now() + interval '3 years'")),
    says("parking_towend", "PK-10: A tow does not end", "over before its order",
         clone("parking_towend", how="'canceled'", agency_pays="false", order_id=NOT_REMOVED,
               at="now() - interval '90 days'"), shielded=True),
    says("parking_towend", "PK-10: The vehicle was not removed", "released before it was taken",
         clone("parking_towend", how="'released'", agency_pays="true", order_id=NOT_REMOVED, at="now()")),
    says(VEHICLE, "PK-04: Report, marked", "towed at once", touch(VEHICLE, "state = 'reported'", state="'ordered'")),
    says(VEHICLE, "PK-04: A vehicle counts", "marked without a warning",
         touch(VEHICLE, "state = 'reported'", state="'marked'")),
    says("parking_abandonedmark", "PK-04: A warning runs", "marked for no time at all",
         mark(hours="0", look_from="now()"), matter("stored_72h")),
    says(VEHICLE, "PK-04: A second look", "ready without a look", touch(VEHICLE, "state = 'marked'", state="'ready'")),
    says(VEHICLE, "PK-04: A tow is ordered", "ordered by nobody", touch(VEHICLE, "state = 'ready'", state="'ordered'")),
    says(VEHICLE, "PK-10: A tow ends", "closed without an end",
         touch(VEHICLE, f"state = 'ordered' AND id = (SELECT vehicle_id FROM parking_toworder WHERE id = {OPEN_ORDER})",
               state="'closed'", outcome="'released'", closed_reason="'Given back'", closed_at="now()",
               closed_by_id="{user_captain}")),
    says(VEHICLE, "PK-04: What the warning", "another matter afterwards",
         touch(VEHICLE, "state = 'marked'", kind="'stored_72h'")),
    says(VEHICLE, "PK-04: Since when", "seen earlier than it was",
         touch(VEHICLE, "seen_since IS NOT NULL", seen_since="seen_since - interval '9 days'"),
         touch(VEHICLE, "seen_since IS NULL", seen_since="now()")),
    breaks(VEHICLE, "pk_04_closed_says_why", "closed for no reason",
           touch(VEHICLE, "state = 'reported'", state="'closed'", outcome="'gone'", closed_reason="' '")),
    says("parking_abandonedmark", "PK-04: A warning is entered", "a warning of last week",
         mark(at="now() - interval '7 days'"), matter("stored_72h"), shielded=True),
    breaks("parking_abandonedmark", "pk_04_warning_is_documented", "without marks",
           clone("parking_abandonedmark", at="now()", look_from="now() + interval '9 days'", marks="' '",
                 decision_id="NULL")),
    says("parking_abandonedlook", "PK-04: A second look is entered", "a look of tomorrow",
         clone("parking_abandonedlook", at="now() + interval '1 day'", decision_id="NULL"), shielded=True),
    says("parking_abandonedlook", "PK-04: The time on", "a look before its time",
         clone("parking_abandonedlook", vehicle_id="990001", at="now()", outcome="'still'", decision_id="NULL"),
         matter("hazard_hulk"), mark()),
    breaks("parking_abandonedlook", "pk_04_look_in_words", "a look without words",
           clone("parking_abandonedlook", at="now()", words="' '", decision_id="NULL")),
    says(ORDER, "PK-04: A marked warning", "ordered at the report",
         order(vehicle_id="(SELECT id FROM parking_abandonedvehicle WHERE state = 'reported' ORDER BY id LIMIT 1)")),
    says(ORDER, "PK-04: The order rests", "on another matter", order(grounds="array['stored_72h']")),
    says(ORDER, "PK-04: A stored vehicle", "without an ordinance",
         order(vehicle_id="{stored}", grounds="array['stored_72h']", ordinance="' '")),
    says(ORDER, "PK-04: A stored vehicle", "under an ordinance of one's own",
         order(vehicle_id="{stored}", grounds="array['stored_72h']", ordinance="'The law of the yard'")),
    says(ORDER, "PK-04: It has not been seen", "an hour after it came",
         order(vehicle_id="{stored_today}", grounds="array['stored_72h']", ordinance="'ECMC 11.44'"),
         *amended("stored_ordinance", '"ECMC 11.44"')),
    says(ORDER, "PK-04: Time alone", "only because it stood long",
         order(vehicle_id="{unmoved}", grounds="array['abandoned']")),
    breaks(ORDER, "pk_04_authorized_class", "ordered by a neighbor", order(orderer_class="'neighbor'")),
    breaks(ORDER, "pk_11_grounds_that_there_are", "on a ground of one's own", order(grounds="array['hazard_hulk','dirty']")),
    breaks(ORDER, "pk_11_never_only_unpaid", "for unpaid citations alone", order(grounds="array['unpaid_citations']")),
    breaks("parking_towremoval", "pk_10_inventory_is_written", "without an inventory",
           clone("parking_towremoval", inventory="' '")),
    says("parking_towremoval", "PK-10: The order has ended", "removed under an order that was canceled",
         clone("parking_towremoval", order_id="(SELECT min(id) FROM parking_toworder)"),
         clone("parking_towend", how="'canceled'", order_id="(SELECT min(id) FROM parking_toworder)", agency_pays="false")),
    says(VEHICLE, "PK-10: A tow ends", "closed as gone while its order stands",
         touch(VEHICLE, "state = 'ready'", state="'closed'", outcome="'gone'", closed_reason="'It is gone now.'",
               closed_at="now()", closed_by_id="{user_captain}"), order()),
    says("parking_townotice", "PK-10: The vehicle has not", "told before it is removed",
         clone("parking_townotice", decision_id="NULL", order_id="(SELECT o.id FROM parking_toworder o WHERE NOT EXISTS "
               "(SELECT 1 FROM parking_towremoval r WHERE r.order_id = o.id) ORDER BY o.id LIMIT 1)")),
    breaks("parking_townotice", "pk_10_notice_has_an_address", "to nobody",
           clone("parking_townotice", sent_to="'registered'", name="''", decision_id="NULL")),
    says("parking_towhearing", "PK-10: It was asked for", "asked for too late",
         clone("parking_towhearing", decision_id="NULL", late_reason="''", last_day="(now() - interval '9 days')::date",
               asked_at="now()")),
    says("parking_towhearing", "PK-10: An owner has", "one day to ask",
         clone("parking_towhearing", decision_id="NULL", late_reason="'Ill'", asked_at="now()",
               last_day="(now() + interval '1 day')::date")),
    says("parking_towresult", "PK-10: Who ordered", "held by who ordered it",
         clone("parking_towresult", decision_id="NULL", held_by_id="(SELECT w.ordered_by_id FROM parking_towhearing h "
               "JOIN parking_toworder w ON w.id = h.order_id WHERE h.id = o.hearing_id)")),
    says("parking_towresult", "PK-10: A hearing is not held", "held before it was asked for",
         clone("parking_towresult", decision_id="NULL", held_at="now() - interval '9 years'"), shielded=True),
    breaks("parking_towresult", "pk_10_result_has_a_reason", "for no reason",
           clone("parking_towresult", reason="' '", decision_id="NULL")),
    says("parking_towend", "PK-10: The vehicle was removed", "canceled after it was removed",
         clone("parking_towend", how="'canceled'",
               order_id="(SELECT order_id FROM parking_towremoval ORDER BY order_id LIMIT 1)")),
    says("parking_towend", "PK-10: A hearing was asked", "sold before the hearing",
         clone("parking_towend", how="'disposed'", order_id="(SELECT h.order_id FROM parking_towhearing h LEFT JOIN "
               "parking_towresult t ON t.hearing_id = h.id WHERE t.id IS NULL ORDER BY 1 LIMIT 1)")),
    says("parking_towend", "PK-10: The owners were not told", "sold without a word",
         clone("parking_towend", how="'disposed'", order_id="{long_removed}")),
    says("parking_towend", "PK-10: The owners' days", "sold the next day",
         clone("parking_towend", how="'disposed'", order_id="(SELECT n.order_id FROM parking_townotice n WHERE NOT EXISTS "
               "(SELECT 1 FROM parking_towhearing h WHERE h.order_id = n.order_id) ORDER BY 1 LIMIT 1)"),
         clone("parking_townotice", sent_to="'doj'", decision_id="NULL", order_id="(SELECT n.order_id FROM "
               "parking_townotice n WHERE NOT EXISTS (SELECT 1 FROM parking_towhearing h WHERE h.order_id = n.order_id) "
               "ORDER BY 1 LIMIT 1)")),
    says("parking_towend", "PK-10: The tow was found", "invalid, and the owner pays",
         clone("parking_towend", how="'released'", agency_pays="false", order_id="(SELECT h.order_id FROM "
               "parking_towhearing h JOIN parking_towresult t ON t.hearing_id = h.id WHERE t.outcome = 'invalid' "
               "ORDER BY 1 LIMIT 1)"), shielded=True),
    breaks("parking_towend", "pk_10_end_says_to_whom", "released to nobody",
           clone("parking_towend", how="'released'", to="''", order_id=OPEN_ORDER, agency_pays="true")),
]  # fmt: skip
