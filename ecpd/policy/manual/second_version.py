"""Rules of the policy's second version that this software does not hold yet, and what it does not yet hold of others.

A rule's text says what is enforced. What the department's policy asks beyond it stands here and is shown beside it, so
that the manual neither hides a promise nor claims it is kept. Whoever makes one true takes it out of here.
"""

from ecpd.policy.manual.types import later

_POLICY = "Department rule"


LATER = (
    later(
        "FR-23",
        "Before a result is shown, the requester writes what is known of the person and what would rule somebody out; "
        "it is sealed, and contradictions are entered in the exculpatory register.",
        "Dror et al., linear sequential unmasking (2015)",
        "viewing a result",
    ),
    later(
        "FR-25",
        "A share of the blind examinations are pairs of known answer. Each examiner's error rates, with intervals, "
        "stand on the certificate and in the packet; too many proven false matches suspend it.",
        "Mejia et al. (2020)",
        "examination",
        unchecked="whether an examiner's error rates belong in the packet.",
    ),
    later(
        "FR-28",
        "Every night, pictures of people known to be absent or present are searched in the live gallery; when false "
        "alarms exceed what was promised, searches for suspects stop until the chief decides.",
        "Announcement to the council; NIST practice",
        "every night",
    ),
    later(
        "FR-29",
        "Every use of a lead is recorded: arrest, detention, lookout, show-up, search or phone warrant. An arrest "
        "needs what a warrant needs.",
        "Announcement to the council",
        "use of a lead",
    ),
    later(
        "FR-30",
        "An urgent search for a missing, at-risk or deceased person: few questions, candidates at once, only to "
        "contact, reunite or notify, reviewed afterward by a captain and the auditor.",
        "Announcement to the council; Pen. Code 14211",
        "urgent search",
    ),
    later(
        "FR-31",
        "Faces of a crowd as possible witnesses: a reason for each, a limit, never an assembly, protest or worship, "
        "sealed early.",
        "Announcement to the council; First Amendment",
        "search request",
    ),
    later(
        "FR-32",
        "The pilot ends one year after this installation's first search, unless the council renews it.",
        "Announcement to the council",
        "every search",
    ),
    later(
        "LU-13",
        "A line-up's fairness is measured with mock witnesses before it is used; its outcome is entered as evidence "
        "and in the exculpatory register by the system.",
        _POLICY,
        "line-up",
    ),
    later(
        "PK-18",
        "Minutes covered by any right never count; rules, signs and rights are those in force at the moment of the "
        "read; clock error and doubts about identity favor the driver.",
        _POLICY,
        "raising an alert, issuing a citation",
    ),
    later(
        "PK-19",
        "An alert leaves the live list after a while. A citation rests on pictures or on what the officer saw, and is "
        "the only one for that stay and day.",
        _POLICY,
        "answering an alert, issuing a citation",
    ),
    later(
        "PK-20",
        "Pictures, facts, doubts and whatever came later stand before the owner, the reviewer and the hearing "
        "examiner; on evidence refuted later the citation is canceled free of charge.",
        _POLICY,
        "contests",
    ),
    later(
        "AU-08",
        "Every night the effective settings, roles, privileges, model card and code are compared with what was "
        "approved; the result's hash is public.",
        _POLICY,
        "every night",
    ),
    later(
        "DR-06",
        "Purposeful looking into a yard or home needs a warrant, consent or a recorded exigency with its time limit.",
        "People v. Cook (1985)",
        "flights",
    ),
    later(
        "DR-07",
        "A launch gate: authorized use, pilot current, aircraft airworthy, federal authority for place, height and "
        "time; refused launches are recorded.",
        "14 CFR 107; department rule",
        "flights",
    ),
    later(
        "DR-08",
        "Every flight is public after a set time; withholding one needs a second person, a reason and an end.",
        _POLICY,
        "flights",
    ),
    later(
        "TR-03",
        "Counts of police acts, refusals, errors, misuse and withheld flights are never suppressed; small numbers that "
        "describe residents by group are.",
        _POLICY,
        "public pages",
    ),
    later(
        "TR-04",
        "Each promise of the announcement is public with its rule, its figures and its changes.",
        "Announcement to the council",
        "public pages",
    ),
    later(
        "LR-01",
        "Geofence returns and tower dumps: each stage has its own legal authority; without it the rows stay "
        "pseudonymous and count for nothing.",
        "Chatrie v. United States (2026)",
        "location records",
        unchecked="Chatrie v. United States; the Court left the reasonableness of each step to the lower courts.",
    ),
    later(
        "LR-02",
        "The time zone of location records is asked and never guessed; areas and never pins; the carrier's caution on "
        "every map and print.",
        _POLICY,
        "location records",
    ),
)

# Rules that are enforced as their text says, and what the policy's second version asks beyond it.
NOT_YET: dict[str, str] = {
    "FR-02": "The consent of the victim of an altered picture; system "
    "searches (opt-out review, tests, evaluation) under a purpose of their own, logged and never a lead.",
    "FR-03": "Frame, time code and clip hash kept by the system for every still; several stills of one unknown person "
    "searched together, named as such; the count of stills of one clip; faces of a crowd.",
    "FR-04": "A gate on what the recognizer can be sure of and on effective resolution, asked of the original of an edited "
    "picture; no score for a picture that fails it; enlarged, generated or pasted pictures refused.",
    "FR-05": "A second person who accepts a source, with its terms on file and a sample looked at.",
    "FR-06": "Opt-out of a person in every source, near copies too, with clocks, a letter and a sealed store for what a "
    "record needs.",
    "FR-07": "Every try for the same unknown person counted in the score; no score beyond what was measured; no lead of a "
    "search that did not reach the whole gallery.",
    "FR-08": "Every candidate among fillers for the second examiner; a partner agency's examiner where few are certified or "
    "the answer is late.",
    "FR-09": "The sentence on every CSV.",
    "FR-10": "Independence computed from the evidence graph; an alarm when a verifier overrules the system in more than half of "
    "the answers.",
    "FR-11": "What is a line-up decided by the exhibit and not by the label of a link.",
    "FR-13": "Where no captain is eligible: an acting captain, appointed with dates, or a partner's captain as a guest.",
    "FR-14": "Drafts of examiners who were replaced; the same bundle for discovery.",
    "FR-18": "Entries made by the system at the moment something happens; answers that a second person accepts; the "
    "captain's signature on that page.",
    "FR-20": "What was tested, beside what was taught.",
    "FR-22": "The probe alone first, sealed, then the candidate; a named cause for each difference; an exclusion rests on "
    "a difference that is described and not explained; only components sealed as visible count as similar.",
    "FR-24": "What came before told in other matters; a person who disputes that two faces are one; names from a "
    "sealed case by a recorded disclosure.",
    "PK-02": "Only the minutes that no right covers count against the limit and grace.",
    "PK-04": "The class of person who may order a removal, named.",
    "PK-05": "When a citation is issued, all reads of that plate and the passes of its block are attached to it, also "
    "those that clear.",
    "PK-08": "Hosting, towing, court process and a person's own matter told apart from sharing.",
    "AC-03": "A longer time, of 120 minutes, for a vehicle's console (console_idle_minutes).",
}
