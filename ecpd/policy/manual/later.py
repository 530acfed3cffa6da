"""Rules of parts that this version does not have yet. The manual says so beside each."""

from ecpd.policy.manual.types import later

_LINEUP = "Pen. Code 859.7"


RULES = (
    later(
        "LU-01",
        "A line-up is blind, or blinded with a written reason; its administrator is not on the case.",
        _LINEUP,
        "line-up",
    ),
    later(
        "LU-02",
        "One suspect, and at least five fillers who fit the witness's own description, not chosen by face similarity. "
        "Fillers come from a pool of people who agreed, or from county photos that are held as fillers only, without "
        "face templates.",
        _LINEUP + "; the number of fillers is department policy",
        "line-up",
    ),
    later(
        "LU-03",
        "Three instructions, each recorded: the person may or may not be present; nobody need be "
        "identified; the investigation goes on either way.",
        _LINEUP,
        "line-up",
    ),
    later(
        "LU-04",
        "If someone is identified, the witness's confidence at once, in the witness's own words; nothing "
        "confirmed or denied.",
        _LINEUP,
        "line-up",
        unchecked="Pen. Code 859.7 on the witness's confidence.",
    ),
    later("LU-05", "Photos shown, order and answer are kept.", _LINEUP, "line-up"),
    later(
        "LU-06",
        "Audio and video; audio alone only with the written reason. That there is no recording is a recorded violation.",
        _LINEUP,
        "line-up",
        unchecked="Pen. Code 859.7 on recording.",
    ),
    later("LU-07", "FR-11 holds for every line-up.", "Williams v. Detroit settlement (2024), as reported", "line-up"),
    later("LU-08", "The witness's dated description comes first.", _LINEUP, "line-up"),
    later("LU-09", "Witnesses separate, one session each.", _LINEUP, "line-up"),
    later("LU-10", "Nothing about earlier arrests on any photo.", _LINEUP, "line-up"),
    later("LU-11", "The photo the search returned is not used in the array.", "Department rule", "line-up"),
    later("LU-12", "Answers cannot be edited.", "Department rule", "line-up"),
    later(
        "DR-01", "No flight without an ordinance in force and an authorized use named.", "Gov. Code 7070 ff.", "flights"
    ),
    later(
        "DR-02",
        "A flight log with purpose, call or case, pilot, aircraft, area and footage class.",
        "Gov. Code 7070 ff.",
        "flights",
    ),
    later("DR-03", "No face search on drone video; stills under FR-03 only.", "Department rule", "flights"),
    later("DR-04", "A yearly report and a public meeting.", "Gov. Code 7072", "flights"),
    later("DR-05", "Complaints and costs by type.", "Gov. Code 7072", "flights"),
    later(
        "TR-01",
        "The manual in force, plate policy, drone policy and figures are public.",
        "Pen. Code 13650",
        "public pages",
    ),
    later(
        "TR-02",
        "A booking photo on social media needs a ground of Pen. Code 13665 that still holds, for 14 days at most, with "
        "the person's given name and pronouns. Any other flyer has a review date that is renewed; one for a missing "
        "person stays until the person is found.",
        "Pen. Code 13665",
        "flyers",
    ),
)
