"""License plates and parking: state law where a section is named, else department policy."""

from ecpd.policy.manual.citations import CITATIONS
from ecpd.policy.manual.permits import PERMITS
from ecpd.policy.manual.tow import TOW
from ecpd.policy.manual.types import Parameter, Rule, number, text, yes_no

ALPR = "Civ. Code 1798.90.5 ff."
DEPARTMENT = "Department rule"

RULES = (
    Rule(
        "PK-01",
        "A read is a guess. A hotlist hit or a citation needs a person who confirms plate, state and vehicle against "
        "the picture, and make and color where the registration is known. Look-alike letters may prevent a citation "
        "or ask for a second look; they never create one.",
        DEPARTMENT,
        "answering an alert",
        database=True,
    ),
    Rule(
        "PK-02",
        "Overtime needs two reads of one vehicle in one zone, farther apart than the limit plus grace, inside "
        "enforced hours, with no sighting elsewhere between.",
        DEPARTMENT,
        "raising an alert",
        database=True,
    ),
    Rule(
        "PK-03",
        "A valid permit or exemption at that time and zone stops the alert, and is checked again at the moment of "
        "issue.",
        DEPARTMENT,
        "raising an alert, issuing a citation",
        database=True,
    ),
    Rule(
        "PK-04",
        "Three separate matters: stored 72 or more hours under a named city ordinance; abandoned on stated grounds; "
        "hulk hazard. A marked warning and a second look come first, and an authorized class of person orders "
        "removal.",
        "Vehicle Code 22651(k), 22523, 22669; warning and second look are a department rule",
        "abandoned vehicles",
        database=True,
    ),
    Rule(
        "PK-05",
        "Reads without a hit are deleted after a set number of days under a council resolution; evidence and holds "
        "are exempt.",
        "Gov. Code 34090; department rule",
        "every night",
        database=True,
        unchecked="Gov. Code 34090(d).",
    ),
    Rule(
        "PK-06",
        "Every access to plate data (screen, export, API, sharing) records date and time, the plate or other terms "
        "of the query, user and organization, and purpose.",
        "Civ. Code 1798.90.52",
        "plate look-ups",
        database=True,
    ),
    Rule(
        "PK-07",
        "A citation carries section, date, approximate time, place, plate, registration expiry if visible, the last "
        "four of the VIN if readable, color, make if possible, amount, “due within 21 days”, how to pay by mail, and "
        "how to contest. A person attaches it.",
        "Vehicle Code 40202, 40203, 40215, 40230",
        "issuing a citation",
        database=True,
    ),
    Rule(
        "PK-08",
        "Plate data goes only to a California public agency on a recorded request: never federal, out-of-state, "
        "private, pooled or for immigration. It is not used for face search.",
        "Civ. Code 1798.90.55; Attorney General 2023-DLE-06",
        "sharing",
        database=True,
        unchecked="the Attorney General's reading.",
    ),
    Rule(
        "PK-09",
        "No read is accepted unless a seven-part usage policy is published and the date of its public comment is "
        "entered.",
        "Civ. Code 1798.90.51, 1798.90.55",
        "ingest",
        database=True,
    ),
    Rule(
        "PK-10",
        "A tow: notice to the owners within 48 hours; a hearing if asked for within 10 days, held within 48 hours "
        "(no weekends or holidays), not by who ordered the tow.",
        "Vehicle Code 22852",
        "towing",
        database=True,
    ),
    Rule(
        "PK-11",
        "Unpaid citations are never the only ground of a tow.",
        "Coalition on Homelessness v. San Francisco (2023) 93 Cal.App.5th 928",
        "towing",
        database=True,
    ),
    Rule(
        "PK-12",
        "Contest clocks with tolling, a reason in every result, waiver of prepayment, an independent examiner.",
        "Vehicle Code 40215, 40230",
        "contests",
        database=True,
    ),
    Rule(
        "PK-13",
        "A vehicle that does not match its registration cancels the citation on request; copies within 15 days, "
        "collection paused meanwhile.",
        "Vehicle Code 40206.5",
        "contests",
        database=True,
    ),
    Rule(
        "PK-14",
        "A payment plan or hardship reduction at any time: at most $25 a month, 24 months and a $5 fee for people "
        "unable to pay who owe up to $500.",
        "Vehicle Code 40220",
        "citations",
        database=True,
        unchecked="Vehicle Code 40220.",
    ),
    Rule(
        "PK-15",
        "Issued citations cannot be edited; canceling is a new, reasoned record by someone else.",
        DEPARTMENT,
        "citations",
        database=True,
    ),
    Rule(
        "PK-16",
        "Fee, zone, sign and permit rules carry their resolution; eligibility never asks the kind of dwelling.",
        "Vehicle Code 22507, 40203.5",
        "zones, permits",
        database=True,
    ),
    Rule(
        "PK-17",
        "A monthly access audit, published in numbers.",
        DEPARTMENT,
        "every month",
    ),
)


# Settings join PARAMETERS when their rule is enforced: a setting nobody reads would promise too much.
_ALL = [
    Parameter("grace_minutes", "PK-02", 5, "Grace beyond a posted limit", "minutes", number(0, 60)),
    Parameter(
        "zone_probability_min", "PK-02", 0.9, "How sure the zone must be before an alert", "0 to 1", number(0.5, 1)
    ),
    Parameter(
        "first_read_valid_minutes",
        "PK-02",
        480,
        "How long a first read starts a stay",
        "minutes",
        number(60, 7200, whole=True),
    ),
    Parameter(
        "plate_retention_days",
        "PK-05",
        30,
        "Reads without a hit are kept",
        "days",
        number(1, 730, whole=True),
    ),
    Parameter(
        "plate_retention_resolution",
        "PK-05",
        "",
        "Council resolution under which reads are deleted; nothing is deleted without it",
        "number and date",
        text(0, 120),
    ),
]

PARAMETERS = (*_ALL, *CITATIONS, *PERMITS, *TOW)

__all__ = ["PARAMETERS", "RULES", "number", "text", "yes_no"]
