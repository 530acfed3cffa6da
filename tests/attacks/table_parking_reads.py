"""Attacks on plate data: policy, reads, alerts, zones, hotlists, look-ups, sharing."""

from tests.attacks.made import clone
from tests.attacks.written import amended, breaks, says, touch

NO_POLICY = touch("parking_platepolicy", "published_at IS NOT NULL", withdrawn_at="now()", withdrawn_reason="'x y'")
ANSWER = "parking_alertanswer"
LIVE = "state = 'live'"
HIT = "'99999999-0000-4000-8000-000000000001'"
A_HIT = clone("parking_alert", LIVE, id=HIT, kind="'hotlist'", key="'attack'", state="'live'")

OLD_PICTURE = (
    clone(
        "parking_read",
        id="990001",
        device_seq="'attack-4'",
        plate="'1NONE13'",
        captured_at="now() - interval '90 days'",
    ),
    clone("parking_plateimage", id="990002", read_id="990001", sha256=f"'{990002:064d}'"),
)
YOUNG_PICTURE = (
    clone("parking_read", id="990001", device_seq="'attack-5'", plate="'1NONE14'", captured_at="now()"),
    clone("parking_plateimage", id="990002", read_id="990001", sha256=f"'{990002:064d}'"),
)


def answer(**changes: str) -> str:
    """A confirmation of the alert that waits, with these columns changed."""
    live = f"(SELECT id FROM parking_alert WHERE {LIVE} ORDER BY id LIMIT 1)"
    right = {
        "outcome": "'confirmed'", "alert_id": live, "officer_id": "{user_parking_officer}", "plate": "'8ABC123'",
        "plate_state": "'US-CA'", "vehicle": "'blue sedan'", "plate_checked": "true", "state_checked": "true",
        "vehicle_checked": "true", "no_placard_seen": "true", "client_key": "gen_random_uuid()", "reason": "''",
        "words": "''", "decision_id": "NULL",
    }  # fmt: skip
    return clone(ANSWER, **(right | changes))


def overstay(**changes: str) -> str:
    """Another overstay like one that was found, with these columns changed."""
    right = {"key": "'attack'", "state": "'live'", "decision_id": "NULL", "last_at": "now()",
             "first_at": "now() - interval '9 hours'", "raised_at": "now()"}  # fmt: skip
    return clone("parking_alert", "kind = 'overtime'", **(right | changes))


def seen(where: str = "kind = 'overtime' AND plate = '8ABC123'", **changes: str) -> str:
    """The overstay once more, as its reads have it, with these columns changed."""
    return clone("parking_alert", where, **({"key": "'attack'", "decision_id": "NULL"} | changes))


ELSEWHERE = "'99999999-0000-4000-8000-000000000002'"

OF_ONE = {"parking_track": {"last_at": "now()", "plate": "'1NONE15'", "keys": "public.ecpd_plate_keys('1NONE15')"},
          "parking_finding": {"found_at": "now()", "key": "'attack'", "state": "'found'", "content": "'{}'"},
          "parking_ingestbatch": {"received_at": "now()"}}  # fmt: skip


RESOLVED = amended("plate_retention_resolution", '"Resolution 2026-41"')
OLD_READ = clone("parking_read", id="990011", device_seq="'attack-11'", plate="'6HELD11'", plate_state="''",
                 batch_id="990009", captured_at="now() - interval '90 days'")  # fmt: skip
HELD = clone("parking_platehold", plate="'6HE1D11'", plate_state="'US-CA'", since="NULL", until="NULL",
             released_at="NULL", released_by_id="NULL", released_reason="''")  # fmt: skip
# What is old enough to go, and may be of the plate that is held: its state untold, one letter another.
OF_A_HOLD = {
    "parking_track": clone("parking_track", id="990009", plate="'6HELD11'", plate_state="''",
                           keys="public.ecpd_plate_keys('6HELD11')", first_at="now() - interval '90 days'",
                           last_at="now() - interval '90 days'"),
    "parking_finding": clone("parking_finding", id="990009", key="'attack'", state="'found'",
                             found_at="now() - interval '90 days'",
                             content="'{\"plate\": \"6HELD11\", \"plate_state\": \"\"}'"),
}  # fmt: skip
OLD_BATCH = clone("parking_ingestbatch", id="990009", received_at="now()", raw="'{}'")


def gone(table: str) -> str:
    """What was derived from reads is deleted."""
    return f"DELETE FROM {table} WHERE id = 990009"


def derived(table: str) -> str:
    """A row of today that was derived from reads, or brought them."""
    return clone(table, id="990009", **OF_ONE[table])


# Coordinates of which no page can draw anything; that an outline crosses itself the database does not see.
CORNERS = "[-122.3, 37.9], [-122.3, 37.91], [-122.2, 37.9]"
NOWHERE = {
    "a line of one point": ("LineString", "[[-122.3, 37.9]]"),
    "a line that goes nowhere": ("LineString", "[[-122.3, 37.9], [-122.3, 37.9]]"),
    "a line of words": ("LineString", '[["west", "north"], ["east", "south"]]'),
    "latitude first": ("LineString", "[[37.9, -122.3], [37.91, -122.3]]"),
    "an outline that stays open": ("Polygon", f"[[{CORNERS}, [-122.2, 37.8]]]"),
    "an outline of two corners": ("Polygon", "[[[-122.3, 37.9], [-122.2, 37.9], [-122.2, 37.9], [-122.3, 37.9]]]"),
    "nothing at all": ("MultiPolygon", "[]"),
    "a line where an area is said": ("Polygon", f"[{CORNERS}]"),
    "heights here and there": ("LineString", "[[-122.3, 37.9, 4], [-122.3, 37.91]]"),
}
NOWHERE = {title: f'{{"type": "{kind}", "coordinates": {said}}}' for title, (kind, said) in NOWHERE.items()}
DRAWN = {"parking_zone": "pk_16_zone_drawable", "parking_curbarea": "pk_16_area_drawable",
         "parking_curbspace": "pk_16_space_drawable", "parking_streetlabel": "pk_16_street_drawable"}  # fmt: skip

ATTACKS = [
    *(breaks(table, name, title, clone(table, geometry=f"'{said}'"))
      for table, name in DRAWN.items() for title, said in NOWHERE.items()),
    *(says(table, "PK-05: Nothing is deleted", "deleted before the resolution", gone(table), derived(table)) for table in OF_ONE),
    *(says(table, "PK-05: It is younger", "deleted while it is young", gone(table),
           *amended("plate_retention_resolution", '"Resolution 2026-41"'), derived(table)) for table in OF_ONE),
    *(says(table, sentence, "deleted under a hold", gone(table), *RESOLVED, HELD, OF_A_HOLD[table])
      for table, sentence in (("parking_track", "PK-05: What may be a vehicle"), ("parking_finding", "PK-05: What was found"))),
    says("parking_ingestbatch", "PK-05: What brought a read", "its body goes under a hold",
         "UPDATE parking_ingestbatch SET raw = NULL WHERE id = 990009", OLD_BATCH, OLD_READ, HELD),
    says("parking_read", "PK-05: A read that may be", "a look-alike, its state untold, is deleted under a hold",
         "DELETE FROM parking_read WHERE id = 990011", *RESOLVED, OLD_BATCH, OLD_READ, HELD),
    says("parking_plateimage", "PK-05: A read that may be", "a picture is deleted under a hold",
         "DELETE FROM parking_plateimage WHERE id = 990002", *RESOLVED, OLD_BATCH, OLD_READ, HELD,
         clone("parking_plateimage", id="990002", read_id="990011", sha256=f"'{990002:064d}'")),
    says("parking_finding", "PK-05: What an alert", "what an alert came of is deleted",
         "DELETE FROM parking_finding WHERE id = (SELECT min(id) FROM parking_finding WHERE state = 'raised')"),
    says("parking_alert", "PK-01: An alert tells of its reads", "seen an hour earlier",
         seen(first_at="o.first_at - interval '1 hour'")),
    says("parking_alert", "PK-01: An alert tells of its reads", "out of no read at all",
         seen(kind="'hotlist'", last_read_id="NULL", first_read_id="NULL")),
    says("parking_alert", "PK-01: An alert is about the plate", "another car's plate", seen(plate="'6XXX666'")),
    says("parking_alert", "PK-01: An alert is about the plate", "a hit on another plate",
         seen(kind="'hotlist'", plate="o.plate || '0'")),
    says("parking_alert", "PK-01: An alert is about the state", "another state", seen(plate_state="'US-NV'")),
    says("parking_alert", "PK-02: An alert is in the zone", "in a zone where it never was", seen(zone_id=ELSEWHERE),
         clone("parking_zone", "enforced", id=ELSEWHERE, street="'Elsewhere Street'")),
    says("parking_alert", "PK-02: An alert of a stay", "back before it left",
         seen(first_read_id="o.last_read_id", last_read_id="o.first_read_id", first_at="o.last_at", last_at="o.first_at",
              detail="'{\"breach\": \"no_return\"}'")),
    says("parking_alert", "PK-02: The limit of an alert", "a limit of one minute", seen(limit_minutes="1")),
    says("parking_alert", "PK-03: A permit or an exemption", "though an exemption covers it",
         seen("kind = 'overtime' AND plate = '7XYZ987'")),
    says(ANSWER, "PK-01: Dispatch confirms", "confirmed an hour before there was a hit",
         answer(alert_id=HIT, dispatch_confirmed_at="now() - interval '1 hour'", dispatch_words="'Still stolen'"), A_HIT),
    says(ANSWER, "PK-01: A plate that does not look", "another car's plate", answer(plate="'6XXX666'")),
    *(breaks(table, name, "in another spelling", statement) for table, name, statement in (
        (ANSWER, "pk_01_answer_in_one_spelling", answer(plate="'8ABC 123'")),
        ("parking_hotlistentry", "pk_01_entry_in_one_spelling", clone("parking_hotlistentry", plate="'6xxx666'")),
        ("parking_platehold", "pk_05_hold_in_one_spelling", clone("parking_platehold", plate="'6XXX-666'")),
        ("parking_plateshare", "pk_08_share_in_one_spelling", clone("parking_plateshare", plate="'6XXX 666'")),
        ("parking_exemption", "pk_03_exemption_in_one_spelling", clone("parking_exemption", plate_state="'CA'")),
        ("parking_abandonedvehicle", "pk_04_vehicle_in_one_spelling", clone("parking_abandonedvehicle", plate="'6xxx666'")),
    )),
    says(ANSWER, "PK-01: An answer ends", "answered, and still live", answer(), shielded=True),
    says("parking_hotlistentry", "PK-01: A plate is found", "found by another plate's keys",
         clone("parking_hotlistentry", plate="'6XXX666'")),
    says("parking_platepolicy", "PK-09: A published", "rewritten in force",
         touch("parking_platepolicy", "published_at IS NOT NULL", sharing="'With everybody.'")),
    says("parking_platepolicy", "PK-09: A withdrawn", "withdrawn, then in force again",
         touch("parking_platepolicy", "withdrawn_at IS NOT NULL", withdrawn_at="NULL"), NO_POLICY),
    breaks("parking_platepolicy", "pk_09_published_whole", "published without its comment",
           touch("parking_platepolicy", "published_at IS NULL", published_at="now()", public_comment_on="NULL",
                 published_by_id="{user_chief}")),
    breaks("parking_platepolicy", "pk_09_withdrawn_reason", "withdrawn for no reason",
           touch("parking_platepolicy", "published_at IS NOT NULL", withdrawn_at="now()", withdrawn_reason="''")),
    says("parking_read", "PK-09: No usage policy", "a read without a policy in force",
         clone("parking_read", device_seq="'attack-1'"), NO_POLICY),
    says("parking_read", "PK-05: A read that is evidence", "evidence is deleted",
         "DELETE FROM parking_read WHERE id = (SELECT read_id FROM parking_readkeep ORDER BY 1 LIMIT 1)", shielded=True),
    says("parking_read", "PK-05: Nothing is deleted", "deleted before the resolution",
         "DELETE FROM parking_read WHERE id = 990001",
         clone("parking_read", id="990001", device_seq="'attack-2'", plate="'1NONE11'",
               captured_at="now() - interval '90 days'")),
    says("parking_read", "PK-05: The read is younger", "deleted while it is young",
         "DELETE FROM parking_read WHERE id = 990001",
         *amended("plate_retention_resolution", '"Resolution 2026-41"'),
         clone("parking_read", id="990001", device_seq="'attack-3'", plate="'1NONE12'", captured_at="now()")),
    says("parking_plateimage", "PK-05: A read that is evidence", "the picture of evidence is deleted",
         "DELETE FROM parking_plateimage WHERE id = 990002",
         clone("parking_plateimage", id="990002", sha256=f"'{990002:064d}'",
               read_id="(SELECT read_id FROM parking_readkeep ORDER BY 1 LIMIT 1)"), shielded=True),
    says("parking_plateimage", "PK-05: Nothing is deleted", "a picture is deleted before the resolution",
         "DELETE FROM parking_plateimage WHERE id = 990002", *OLD_PICTURE),
    says("parking_plateimage", "PK-05: The read is younger", "a picture is deleted while it is young",
         "DELETE FROM parking_plateimage WHERE id = 990002",
         *amended("plate_retention_resolution", '"Resolution 2026-41"'), *YOUNG_PICTURE),
    says("parking_readkeep", "PK-05: Only a read", "a read that nothing came of is kept for ever",
         clone("parking_readkeep", read_id="990001"), OLD_PICTURE[0]),
    says("parking_read", "PK-01: A read stays", "another plate afterwards", touch("parking_read", plate="'6XXX666'")),
    breaks("parking_device", "ac_07_device_retired_reason", "retired for no reason",
           touch("parking_device", retired_at="now()", retired_reason="''")),
    says("parking_zone", "PK-16: A zone that has ended", "an ended zone begins again",
         touch("parking_zone", "ends_at IS NOT NULL", ends_at="NULL"),
         touch("parking_zone", ends_at="now()", ended_reason="'Signs are gone'")),
    says("parking_zone", "PK-16: Whoever ends", "ended without a word",
         touch("parking_zone", "ends_at IS NULL", ends_at="now()", ended_reason="'-'"), shielded=True),
    breaks("parking_zone", "pk_16_enforced_on_a_resolution", "enforced without a resolution",
           touch("parking_zone", enforced="true", resolution="''")),
    breaks("parking_zone", "zone_ends_after_it_starts", "ends before it starts",
           touch("parking_zone", "ends_at IS NULL", ends_at="starts_at - interval '1 day'")),
    says("parking_finding", "PK-02: A finding counts", "raised without an alert",
         touch("parking_finding", "id = 990001", state="'raised'"),
         clone("parking_finding", id="990001", key="'attack'", state="'found'")),
    says("parking_alert", "PK-01: An alert begins", "confirmed at birth",
         clone("parking_alert", LIVE, key="'attack'", state="'confirmed'"), shielded=True),
    says("parking_alert", "PK-02: Overtime needs", "overtime out of one read", overstay(last_read_id="o.first_read_id")),
    says("parking_alert", "PK-02: The two reads", "overtime within the limit",
         overstay(first_at="now() - interval '1 minute'")),
    says("parking_alert", "PK-01: An answered alert", "an answered alert lives again",
         touch("parking_alert", "state <> 'live'", state="'live'")),
    says("parking_alert", "PK-01: Only a person", "confirmed by nobody",
         touch("parking_alert", LIVE, state="'confirmed'")),
    says(ANSWER, "PK-01: This alert is answered", "answered twice",
         answer(alert_id="(SELECT id FROM parking_alert WHERE state <> 'live' ORDER BY id LIMIT 1)"), shielded=True),
    says(ANSWER, "PK-01: A parking officer", "answered by an investigator", answer(officer_id="{user_investigator}")),
    says(ANSWER, "PK-01: A person confirms", "confirmed without the state", answer(state_checked="false")),
    says(ANSWER, "PK-01: An overtime citation", "a placard nobody looked for", answer(no_placard_seen="false"),
         shielded=True),
    says(ANSWER, "PK-01: A hotlist hit", "a hit without dispatch",
         answer(alert_id=HIT, dispatch_confirmed_at="NULL", dispatch_words="''"),
         A_HIT),
    says(ANSWER, "PK-01: A dismissal", "dismissed for no reason", answer(outcome="'dismissed'", reason="' '"),
         shielded=True),
    breaks(ANSWER, "pk_01_discretion_in_words", "discretion without words",
           answer(outcome="'dismissed'", reason="'discretion'", words="''")),
    breaks("parking_hotlist", "pk_01_list_withdrawn_why", "withdrawn for no reason",
           touch("parking_hotlist", withdrawn_at="now()", withdrawn_reason="' '", withdrawn_by_id="{user_captain}")),
    says("parking_hotlist", "PK-01: A hotlist is good", "good for thirty years",
         clone("parking_hotlist", expires_on="current_date + 10950", decision_id="NULL")),
    says("parking_hotlist", "PK-01: What is withdrawn", "a withdrawn list is back",
         touch("parking_hotlist", "withdrawn_at IS NOT NULL", withdrawn_at="NULL"),
         touch("parking_hotlist", withdrawn_at="now()", withdrawn_reason="'Found'", withdrawn_by_id="{user_captain}")),
    breaks("parking_hotlistentry", "pk_01_entry_withdrawn_why", "withdrawn by nobody",
           touch("parking_hotlistentry", withdrawn_at="now()", withdrawn_reason="'Found'", withdrawn_by_id="NULL")),
    says("parking_hotlistentry", "PK-01: What is withdrawn", "a withdrawn entry is back",
         touch("parking_hotlistentry", "withdrawn_at IS NOT NULL", withdrawn_at="NULL"),
         touch("parking_hotlistentry", withdrawn_at="now()", withdrawn_reason="'Found'",
               withdrawn_by_id="{user_captain}")),
    says("parking_hotlisthit", "PK-01: A hit counts", "raised without its alert",
         clone("parking_hotlisthit", state="'raised'", plate="'6XXX666'", alert_id="NULL")),
    says("parking_hotlisthit", "PK-01: The entry has expired", "raised from a withdrawn entry",
         clone("parking_hotlisthit", state="'raised'", plate="'6XXX667'", alert_id=HIT), A_HIT,
         "UPDATE parking_hotlistentry SET withdrawn_at = now(), withdrawn_reason = 'Found', "
         "withdrawn_by_id = {user_captain}"),
    breaks("parking_platequery", "pk_06_says_who_and_why", "a look for no reason",
           clone("parking_platequery", reason="''")),
    breaks("parking_platehold", "ac_07_hold_released_reason", "released for no reason",
           touch("parking_platehold", released_at="now()", released_reason="''", released_by_id="{user_chief}")),
    breaks("parking_partneragency", "pk_08_public_agency_of_california", "an agency of another state",
           clone("parking_partneragency", state="'NV'")),
    says("parking_plateshare", "PK-08: Plate data goes only", "given to one who was withdrawn",
         clone("parking_plateshare"), "UPDATE parking_partneragency SET withdrawn_at = now()"),
    says("parking_partneragency", "PK-08: An agency that may ask", "one that is not on the list",
         clone("parking_partneragency", name="'Alder Bay Police'", listed_id="NULL")),
    says("parking_partneragency", "PK-08: An agency that may ask", "under the key of another",
         clone("parking_partneragency", name="'Alder Bay Police'", listed_id="'oakland-police-department'")),
    says("parking_partneragency", "PK-08: An agency that may ask", "put on the list under another name",
         touch("parking_partneragency", listed_id="'oakland-police-department'"), shielded=True),
    *(says("parking_plateshare", "PK-08: What is written names", f"another agency in its {column}",
           clone("parking_plateshare", outcome="'granted'", **{column: "'For the OAKLAND Police-Department'"}))
      for column in ("request", "purpose", "reasons")),
    *(says("parking_plateshare", "PK-08: Plate data is never given to another state", words,
           clone("parking_plateshare", outcome="'granted'", purpose=f"'{words}'"))
      for words in ("With the Nevada Highway Patrol", "For Flock Safety, Inc.")),
    *(says("parking_plateshare", "PK-08: Plate data is never given to a federal", words,
           clone("parking_plateshare", outcome="'granted'", reasons=f"'{words} asked for it'"))
      for words in ("F-B-I", "F. B. I.", "fbi", "Fed. Bureau of Investigation", "The Postal Inspection Service")),
    *(says("parking_plateshare", "PK-08: Plate data is never given for", words,
           clone("parking_plateshare", outcome="'granted'", reasons=f"'{words}'"))
      for words in ("Dept. of Homeland Sec. asked", "By hsi and ice", "ice asked for it")),
    says("parking_partneragency", "PK-08: An agency of immigration", "who asks is ICE",
         clone("parking_partneragency", contact="'Special Agent of ICE'")),
    says("parking_partneragency", "PK-08: A federal", "who asks is of the FBI",
         clone("parking_partneragency", contact="'Agent Doe, F. B. I.'")),
    says("parking_partneragency", "PK-08: An agency of another state", "who asks is a company",
         clone("parking_partneragency", contact="'Flock Safety, Inc.'")),
    says("parking_plateshare", "PK-08: Plate data is never given for", "given for immigration",
         clone("parking_plateshare", for_immigration="true")),
    says("parking_plateshare", "PK-08: Plate data is never given for", "for deportation, without the tick",
         clone("parking_plateshare", outcome="'granted'", purpose="'For the depor' || chr(8203) || 'tation of the owner'")),
    says("parking_plateshare", "PK-08: Plate data is never given for", "asked for by ICE, without the tick",
         clone("parking_plateshare", outcome="'granted'", request="'Letter of ICE'")),
    says("parking_partneragency", "PK-08: An agency of immigration", "an agency by another kind",
         clone("parking_partneragency", name="'Immigration  and Customs Enforcement'")),
    *(says("parking_partneragency", sentence, name, clone("parking_partneragency", name=f"'{name}'")) for sentence, name in (
        *(("PK-08: An agency of immigration", one) for one in (
            "Department of Homeland-Security", "Enforcement and Removal, Oakland", "I\u0421E of San Francisco", "I-C-E")),
        ("PK-08: A federal", "Federal Bureau of Investigation"), ("PK-08: A federal", "U.S. Department of Justice"),
        ("PK-08: A federal", "D\u0395A"), ("PK-08: A federal", "US Attorney"))),
    *(says("parking_plateshare", "PK-08: Plate data is never given to a federal", title,
           clone("parking_plateshare", outcome="'granted'", **said))
      for title, said in {"for a federal task force": {"purpose": "'Federal task force'"},
                          "asked for by a U.S. agent": {"request": "'Letter of a U.S. agent'"}}.items()),
    says("parking_plateshare", "PK-08: A captain or the chief", "decided by an officer",
         clone("parking_plateshare", decided_by_id="{user_parking_officer}")),
    breaks("parking_plateshare", "pk_08_request_recorded", "without a request", clone("parking_plateshare", request="''")),
]  # fmt: skip
