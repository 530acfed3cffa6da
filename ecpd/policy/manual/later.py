"""Rules of parts that this version does not have yet. The manual says so beside each."""

from ecpd.policy.manual.types import Rule

_LINEUP = "Pen. Code 859.7"
_PLATES = "Civ. Code 1798.90.5 ff."
_VEHICLE = "Vehicle Code 22500 ff., 40200 ff."


def _later(rule_id: str, text: str, source: str, at: str) -> Rule:
    return Rule(rule_id, text, source, at, enforced=False)


RULES = (
    _later(
        "LU-01",
        "A line-up is blind, or blinded with a written reason; its administrator is not on the case.",
        _LINEUP,
        "line-up",
    ),
    _later(
        "LU-02",
        "One suspect, and at least five fillers who fit the witness's own description, not chosen by face similarity.",
        _LINEUP + "; the number of fillers is department policy",
        "line-up",
    ),
    _later(
        "LU-03",
        "Three instructions, each recorded: the person may or may not be present; nobody need be "
        "identified; the investigation goes on either way.",
        _LINEUP,
        "line-up",
    ),
    _later(
        "LU-04",
        "If someone is identified, the witness's confidence at once, in the witness's own words; nothing "
        "confirmed or denied.",
        _LINEUP,
        "line-up",
    ),
    _later("LU-05", "Photos shown, order and answer are kept.", _LINEUP, "line-up"),
    _later("LU-06", "Audio and video; audio alone only with the written reason.", _LINEUP, "line-up"),
    _later("LU-07", "FR-11 holds for every line-up.", "Williams v. Detroit settlement (2024), as reported", "line-up"),
    _later("LU-08", "The witness's dated description comes first.", _LINEUP, "line-up"),
    _later("LU-09", "Witnesses separate, one session each.", _LINEUP, "line-up"),
    _later("LU-10", "Nothing about earlier arrests on any photo.", _LINEUP, "line-up"),
    _later("LU-11", "The photo the search returned is not used in the array.", "Department rule", "line-up"),
    _later("LU-12", "Answers cannot be edited.", "Department rule", "line-up"),
    _later(
        "PK-01", "A read is a guess: a person confirms plate, state and vehicle against the picture.", _PLATES, "alerts"
    ),
    _later(
        "PK-02",
        "Overtime needs two reads of one vehicle in one zone, farther apart than the limit plus grace.",
        "Department rule",
        "alerts",
    ),
    _later(
        "PK-03",
        "A valid permit or exemption stops the alert, and is checked again at the moment of issue.",
        "Department rule",
        "alerts, citations",
    ),
    _later("PK-04", "Stored 72 hours, abandoned, and hulk hazard are three separate matters.", _VEHICLE, "towing"),
    _later(
        "PK-05",
        "Reads without a hit are deleted after 30 days under a council resolution.",
        "Gov. Code 34090",
        "scheduled",
    ),
    _later(
        "PK-06",
        "Every access to plate data records time, query, user, organization and purpose.",
        "Civ. Code 1798.90.52",
        "plate look-ups",
    ),
    _later("PK-07", "A citation carries what Vehicle Code 40202 and 40203 name.", _VEHICLE, "citations"),
    _later(
        "PK-08",
        "Plate data goes only to a California public agency on a recorded request.",
        "Civ. Code 1798.90.55",
        "sharing",
    ),
    _later(
        "PK-09", "No read is accepted unless a seven-part usage policy is published.", "Civ. Code 1798.90.51", "ingest"
    ),
    _later("PK-10", "A tow has its notices, hearing and clocks.", "Vehicle Code 22852", "towing"),
    _later("PK-11", "Unpaid citations are never the only ground of a tow.", _VEHICLE, "towing"),
    _later(
        "PK-12", "Contest clocks with tolling, a reason in every result, an independent examiner.", _VEHICLE, "contests"
    ),
    _later(
        "PK-13",
        "A vehicle that does not match its registration cancels the citation on request.",
        "Vehicle Code 40206.5",
        "contests",
    ),
    _later("PK-14", "A payment plan or hardship reduction at any time.", "Vehicle Code 40220", "citations"),
    _later(
        "PK-15",
        "Issued citations cannot be edited; cancelling is a new record by someone else.",
        "Department rule",
        "citations",
    ),
    _later("PK-16", "Fee, zone, sign and permit rules carry their resolution.", "Vehicle Code 22507", "zones"),
    _later("PK-17", "A monthly access audit, published in numbers.", "Department rule", "scheduled"),
    _later(
        "DR-01", "No flight without an ordinance in force and an authorized use named.", "Gov. Code 7070 ff.", "flights"
    ),
    _later(
        "DR-02",
        "A flight log with purpose, call or case, pilot, aircraft, area and footage class.",
        "Gov. Code 7070 ff.",
        "flights",
    ),
    _later("DR-03", "No face search on drone video; stills under FR-03 only.", "Department rule", "flights"),
    _later("DR-04", "A yearly report and a public meeting.", "Gov. Code 7072", "flights"),
    _later("DR-05", "Complaints and costs by type.", "Gov. Code 7072", "flights"),
    _later(
        "TR-01",
        "The manual in force, plate policy, drone policy and figures are public.",
        "Pen. Code 13650",
        "public pages",
    ),
    _later(
        "TR-02",
        "A public flyer carries no booking photo without a ground, and expires in 14 days or less.",
        "Pen. Code 13665",
        "flyers",
    ),
)
