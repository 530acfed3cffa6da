"""Attacks on permits, their plates and guest codes, and on exemptions."""

from tests.attacks.made import clone
from tests.attacks.who_acts import STRICTLY
from tests.attacks.written import breaks, says, touch

PLATE = "parking_permitplate"
A_PERMIT = "SELECT id FROM parking_permit WHERE ended_at IS NULL ORDER BY id LIMIT 1"


def plate(**changes: str) -> str:
    """Another plate of the permit that has one, with these columns changed."""
    right = {"plate": "'6XXX666'", "guest_code_id": "NULL", "begins": "now()", "ends": "now() + interval '1 hour'",
             "added_by_id": "{user_parking_manager}"} | changes  # fmt: skip
    right.setdefault("keys", f"ecpd_plate_keys({right['plate']})")
    return clone(PLATE, "kind <> 'guest'", **right)


def swap(minutes: int) -> str:
    """A plate that the holder puts in, for a moment so many minutes from now."""
    then = f"now() + interval '{minutes} minutes'"
    return plate(plate=f"'6XXX66{minutes}'", begins=then, ends=then, swapped="true", added_by_id="NULL")


def guest(**changes: str) -> str:
    """A guest of the visitor permit, by its code."""
    of = ("(SELECT {} FROM parking_guestcode g JOIN parking_permit p ON p.id = g.permit_id JOIN parking_permitterms t "
          "ON t.id = p.terms_id WHERE g.id = {{guest_code}})")  # fmt: skip
    right = {"kind": "'guest'", "place": "0", "guest_code_id": "{guest_code}", "permit_id": of.format("p.id"),
             "permit_class_id": of.format("t.permit_class_id"), "swapped": "false", "added_by_id": "NULL"}  # fmt: skip
    return plate(**(right | changes))


def guest_code(**changes: str) -> str:
    """Another code of the visitor permit."""
    return clone("parking_guestcode", "id = {guest_code}", **changes)


CODE_ENDED = touch("parking_guestcode", "id = {guest_code}", revoked_at="now()")


def permit(**changes: str) -> str:
    """Another permit, granted now on a new approval, with these columns changed."""
    right = {"serial": "90001", "replaced_by_id": "NULL", "renewal_of_id": "NULL", "ended_at": "NULL", "ended_by_id": "NULL",
             "ended_reason": "''", "application_id": "990001", "begins": "now()", "ends": "now() + interval '1 day'",
             "nth": "1", "approved_by_id": "{user_parking_manager}"} | changes  # fmt: skip
    right.setdefault(
        "terms_id", f"(SELECT terms_id FROM parking_permitapplication WHERE id = {right['application_id']})"
    )
    return clone("parking_permit", **right)


def approved(key: str = "990001", **changes: str) -> tuple[str, str, str]:
    """An application, a manager's approval of it, and that it is approved."""
    right = {"id": key, "serial": f"{key} - 900000", "renewal_of_id": "NULL", "applied_at": "now()"}
    return (
        clone("parking_permitapplication", "state = 'waiting'", **(right | changes)),
        clone("parking_permitdecision", application_id=key, outcome="'approve'", by_id="{user_parking_manager}",
              decision_id="NULL"),
        touch("parking_permitapplication", f"id = {key}", state="'approved'"),
    )  # fmt: skip


APPROVED = approved()
# Another number takes over at the moment in which this one ended.
ENDED = touch("parking_permit", "id = 990001", ended_at="'{moment}'", ended_reason="'Lost'",
              ended_by_id="{user_parking_manager}")  # fmt: skip
AS_IT_ENDED = {"begins": "(SELECT ended_at FROM parking_permit WHERE id = 990001)", "ends": "now() + interval '1 hour'"}
TAKEN_OVER = (
    *APPROVED,
    permit(id="990001"),
    ENDED,
    permit(id="990003", serial="90002", price_cents="0", **AS_IT_ENDED),
)
# Under terms that let a household have one permit, one that has it.
ONE = (*approved(terms_id="990201"), *approved("990002", terms_id="990201"), permit())


ATTACKS = [
    breaks("parking_permitplate", "pk_16_plate_changed_for_a_reason", "a plate changed by the desk without a word",
           plate(added_by_id="{user_parking_manager}", swapped="true", reason="'-'")),
    says("parking_permitapplication", "PK-16: An application is", "approved by nobody",
         touch("parking_permitapplication", "state = 'waiting'", state="'approved'")),
    breaks("parking_permitapplication", "permit_application_whole", "without a name",
           clone("parking_permitapplication", serial="90001", name="''")),
    says("parking_permitapplication", "PK-16: A household is", "a household of one's own making",
         clone("parking_permitapplication", "state = 'waiting'", serial="90001", address_key="'NOBODY 1'",
               renewal_of_id="NULL")),
    says("parking_permitapplication", "PK-16: A permit is renewed", "another household's permit goes on",
         clone("parking_permitapplication", "state = 'waiting'", serial="90001", address="'999 Elsewhere St'", unit="''",
               address_key="'999 ELSEWHERE ST'", renewal_of_id="990201",
               terms_id="(SELECT terms_id FROM parking_permit WHERE id = 990201)")),
    says("parking_permitterms_areas", "PK-16: Where a permit's terms", "another area for terms that run",
         "INSERT INTO parking_permitterms_areas (permitterms_id, curbarea_id) SELECT t.id, a.id FROM parking_permitterms t, "
         "parking_curbarea a WHERE NOT EXISTS (SELECT 1 FROM parking_permitterms_areas x WHERE x.permitterms_id = t.id "
         "AND x.curbarea_id = a.id) LIMIT 1",
         clone("parking_curbarea")),
    says("parking_zone_areas", "PK-16: In which areas a zone lies", "where another permit holds, by nobody's decision",
         "INSERT INTO parking_zone_areas (zone_id, curbarea_id) SELECT z.id, a.id FROM parking_zone z, parking_curbarea a "
         "WHERE NOT EXISTS (SELECT 1 FROM parking_zone_areas x WHERE x.zone_id = z.id AND x.curbarea_id = a.id) LIMIT 1",
         clone("parking_curbarea"), STRICTLY),
    says("parking_permitdecision", "PK-16: A parking manager", "decided by an officer",
         clone("parking_permitdecision", by_id="{user_parking_officer}", decision_id="NULL")),
    says("parking_permitdecision", "PK-16: A decision on a permit", "approved, and it waits on",
         clone("parking_permitdecision", outcome="'approve'", decision_id="NULL", by_id="{user_parking_manager}",
               application_id="(SELECT id FROM parking_permitapplication WHERE state = 'waiting' ORDER BY id LIMIT 1)")),
    says("parking_permit", "PK-16: A permit that takes over", "another number for nine dollars",
         permit(serial="90002", price_cents="900", **AS_IT_ENDED), *APPROVED, permit(id="990001"), ENDED),
    says("parking_permit", "PK-16: A household has", "a second where there is one",
         permit(serial="90002", nth="2", application_id="990002"), *ONE),
    says("parking_permit", "PK-16: A permit is counted", "the first, says the number, of nine",
         permit(nth="9"), *APPROVED),
    says("parking_permit", "PK-16: A permit is counted", "for a cent", permit(price_cents="1"), *APPROVED),
    says(PLATE, "PK-16: A plate that a holder", "a change that counts for none", plate(added_by_id="NULL", swapped="false")),
    says(PLATE, "PK-16: A plate is found", "found by another plate's keys", plate(keys="'{8ABC123}'")),
    says("parking_exemption", "PK-03: A plate is found", "found by every plate's keys",
         clone("parking_exemption", keys="'{8ABC123}'")),
    says("parking_permitdecision", "PK-16: This application", "decided twice",
         clone("parking_permitdecision", "outcome = 'approve'", decision_id="NULL")),
    breaks("parking_permitdecision", "pk_16_decision_has_reasons", "denied for no reason",
           clone("parking_permitdecision", reasons="' '", decision_id="NULL")),
    says("parking_permit", "PK-16: A permit is granted", "granted by nobody",
         permit(terms_id="o.terms_id", application_id="(SELECT id FROM parking_permitapplication WHERE state = 'waiting' "
                "ORDER BY id LIMIT 1)")),
    says("parking_permit", "PK-16: A permit begins in force", "ended at birth",
         permit(ended_at="now()", ended_reason="'Sold'", ended_by_id="{user_parking_manager}"), *APPROVED),
    says("parking_permit", "PK-16: One approval", "two permits on one approval", permit(serial="90002"), *APPROVED,
         permit()),
    says("parking_permit", "PK-16: A parking manager", "granted by an officer",
         permit(approved_by_id="{user_parking_officer}"), *APPROVED),
    says("parking_permit", "PK-16: A permit begins now", "granted for last month",
         permit(begins="now() - interval '30 days'", ends="now() - interval '20 days'"), *APPROVED),
    says("parking_permit", "PK-16: A permit is under", "for thirty years", permit(ends="now() + interval '30 years'"),
         *APPROVED),
    says(PLATE, "PK-16: A plate is put in", "in force since last week", plate(begins="now() - interval '7 days'"),
         shielded=True),
    says(PLATE, "PK-16: A borrowed plate", "borrowed for a year",
         plate(kind="'rental'", ends="now() + interval '40 days'"), shielded=True),
    says(PLATE, "PK-16: A holder changes", "one change too many", swap(3), swap(1), swap(2), shielded=True),
    says("parking_permitlink", "PK-16: A link", "a link for a year",
         clone("parking_permitlink", expires_at="now() + interval '1 year'")),
    says("parking_permit", "PK-16: A permit that has ended stays", "an ended permit is back",
         touch("parking_permit", "ended_at IS NOT NULL", ended_at="NULL"),
         "UPDATE parking_permitplate SET ends = greatest(begins, now()) WHERE ends > now()",
         touch("parking_permit", ended_at="now() + interval '1 minute'", ended_reason="'Sold'",
               ended_by_id="{user_parking_manager}")),
    says("parking_permit", "PK-16: A permit that has ended has", "ended, and still parking",
         touch("parking_permit", "id = (SELECT permit_id FROM parking_permitplate WHERE ends > now() LIMIT 1)",
               ended_at="now()", ended_reason="'Sold'", ended_by_id="{user_parking_manager}")),
    says("parking_permit", "PK-16: What replaced", "replaced by another afterwards",
         "UPDATE parking_permit SET replaced_by_id = NULL WHERE id = 990001", *TAKEN_OVER,
         "UPDATE parking_permit SET replaced_by_id = 990003 WHERE id = 990001"),
    *(says("parking_permit", "PK-16: A permit is replaced", title,
           f"UPDATE parking_permit SET replaced_by_id = {which} WHERE id = {of}", *TAKEN_OVER)
      for title, of, which in (("while it is in force", "{permit_id}", "990003"), ("by another household's", "990001", "990201"),
                               ("by the one it took over from", "990003", "990001"), ("by itself", "990001", "990001"))),
    breaks("parking_permit", "permit_ends_after_it_begins", "ends before it begins",
           permit(ends="now() - interval '1 day'"), *APPROVED),
    breaks("parking_permit", "ac_07_permit_ended_reason", "ended for no reason",
           touch("parking_permit", ended_at="now() + interval '9 years'", ended_reason="''")),
    says(PLATE, "PK-16: A plate counts", "longer than its permit", plate(ends="now() + interval '30 years'")),
    says(PLATE, "PK-16: The permit has", "one plate too many", plate(place="30000")),
    says(PLATE, "PK-16: A plate's time", "made longer", touch(PLATE, ends="ends + interval '1 minute'")),
    says(PLATE, "PK-16: Which plate had a permit in the past", "the past is made shorter",
         touch(PLATE, "kind <> 'guest'", ends="begins + interval '1 day'")),
    breaks(PLATE, "permit_plate_written", "in small letters", plate(plate="'6xxx666'")),
    breaks(PLATE, "permit_guest_by_code", "a guest without a code", plate(kind="'guest'", place="0")),
    breaks(PLATE, "pk_16_one_permit_a_plate", "one plate twice",
           plate(plate='o."plate"', keys='o."keys"', begins='o."begins"', ends='o."ends"')),
    breaks(PLATE, "pk_16_one_plate_a_place", "two plates in one place", plate()),
    breaks(PLATE, "permit_plate_state_iso", "another spelling of the state", plate(plate_state="'CA'")),
    *(says(PLATE, "PK-16: A guest comes", title, guest(**changes), *before) for title, changes, before in (
        ("by another permit's code", {"permit_id": "o.permit_id", "permit_class_id": "o.permit_class_id"}, ()),
        ("by a code that was ended", {}, (CODE_ENDED,)), ("for two days", {"ends": "now() + interval '2 days'"}, ()),
        ("next week", {"begins": "now() + interval '7 days'", "ends": "now() + interval '169 hours'"}, ()),
        ("once too often", {}, (guest(plate="'6XXX667'"),)))),
    says("parking_guestcode", "PK-16: A guest code is of", "of a permit without guests", guest_code(permit_id="{permit_id}")),
    says("parking_guestcode", "PK-16: A guest code is of", "for a month at a time", guest_code(hours="720")),
    says("parking_guestcode", "PK-16: No more visits", "more visits than there are", guest_code(visits_max="6")),
    says("parking_guestcode", "PK-16: A guest code that", "an ended code works again",
         touch("parking_guestcode", "revoked_at IS NOT NULL", revoked_at="NULL"),
         touch("parking_guestcode", revoked_at="now()")),
    breaks("parking_guestcode", "guest_code_counts", "for no hours",
           clone("parking_guestcode", hours="0", code_hash="repeat('a', 64)")),
    breaks("parking_permitterms", "permit_terms_whole", "without prices",
           clone("parking_permitterms", prices="'{}'", effective_on="'2031-01-01'")),
    breaks("parking_permitterms", "pk_16_never_asks_dwelling", "not for apartments",
           clone("parking_permitterms", eligibility="'Residents of apartments have none.'", effective_on="'2031-01-01'")),
    breaks("parking_permitterms", "pk_16_terms_on_a_resolution", "without a resolution",
           clone("parking_permitterms", resolution="' '", effective_on="'2031-01-01'")),
    breaks("parking_permitclass", "ac_07_permit_class_withdrawn", "withdrawn for no reason",
           touch("parking_permitclass", withdrawn_at="now()", withdrawn_reason="''")),
    says("parking_exemption", "PK-03: An exemption that", "an ended one is back",
         touch("parking_exemption", "ended_at IS NOT NULL", ended_at="NULL"),
         touch("parking_exemption", ended_at="now()", ended_reason="'Sold'", ended_by_id="{user_parking_manager}")),
    breaks("parking_exemption", "pk_03_exemption_source_and_end", "from nobody",
           clone("parking_exemption", source="' '", ended_at="NULL", ended_by_id="NULL")),
    breaks("parking_exemption", "ac_07_exemption_ended_reason", "ended for no reason",
           touch("parking_exemption", "ended_at IS NULL", ended_at="now()", ended_reason="''")),
]  # fmt: skip
