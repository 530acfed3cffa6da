"""Face search: department policy (no California statute on police face search was found in force)."""

from ecpd.policy.manual.types import Rule

ANN = "Announcement to the council"
CARD = "design card"
DPD = "Detroit Police Directive 307.5"
SETT = "Williams v. Detroit settlement (2024), as reported"

RULES = (
    Rule(
        "FR-01",
        "Only an investigator with a current facial-recognition certificate may request a search.",
        f"{ANN}; {CARD}",
        "search request",
        database=True,
    ),
    Rule(
        "FR-02",
        "A search names an open case with a dispatch or records number that the requester is assigned to, a purpose, the "
        "case's own offense, of an allowed class (for suspects), and the facts that make it likely to help, in words. "
        "Purposes, none of them preset: suspect, witness, victim, missing or at-risk person, deceased person. Never: a "
        "protected trait or "
        "lawful association as the ground, First Amendment activity, immigration status or enforcement, prediction, "
        "curiosity. All of it is asked again when the search runs, and of its result. "
        "A case that the requester opened himself is accepted by a captain within the hours set here, counted from his search, "
        "who opened no case of the matter and searched in none, and says why, or refuses it with reasons. The search may run "
        "before, but makes no lead until then. Refused, or the hours over, its result is veiled: the auditor reads it, a packet "
        "discloses it, everybody else is told why not; what it says against a lead of the matter still counts. The auditor is "
        "told. Accepted later, the case is open for new searches; what is veiled stays so, and what the requester has seen "
        "makes no lead without a new search and new examinations.",
        f"{ANN}; {DPD}; Gov. Code 7284.6",
        "search request",
        database=True,
        note="The offense classes allowed here are wider than Detroit's, which are violent crime and home invasion.",
    ),
    Rule(
        "FR-03",
        "A probe is one still image, evidence of that case with origin, date and hash. From a recorded clip "
        "a person picks the still; frame, time code and the clip's hash are kept. No live video, and no matching "
        "over a clip's frames in bulk.",
        f"{ANN}; {DPD} (stricter: stills only)",
        "search request",
        database=True,
    ),
    Rule(
        "FR-04",
        "A probe that fails the quality gate (distance between the eyes, sharpness, pose, exposure) is "
        "refused, or searched only with a written justification that stays on the record. Every edit is a "
        "derivative kept beside the original and disclosed.",
        "FISWG practice; ASTM",
        "search request",
        database=True,
        note="In the database: who passed has measures within the manual's limits, who failed has the justification, a "
        "derivative says how it was made. That the measures are this picture's is the worker's word.",
    ),
    Rule(
        "FR-05",
        "Gallery sources are public-realm only. Booking photos, DMV photos and private sources are refused.",
        ANN,
        "gallery source",
        database=True,
    ),
    Rule(
        "FR-06",
        "A photo whose subject opted out is never returned and its re-import is blocked, by photo hash and "
        "source. Once a search ran, an opt-out is not taken back on the day it was recorded. "
        "No face template is kept for blocking unless the person agrees. An outside vendor's confirmation "
        "is filed.",
        f"{ANN} (consumer-privacy law binds vendors; here it is a department promise)",
        "gallery import, search",
        database=True,
    ),
    Rule(
        "FR-07",
        "A candidate whose match score is under the minimum cannot become a lead. “Nobody above the bar” is "
        "a proper, recorded, disclosable result. The score is never worded as certainty. The model card "
        "behind it is in force by an amendment; while none is named, the first that was kept. What a search "
        "says follows from its probe's template, the gallery and the card: the database works it out once more.",
        "The chief's words to the council",
        "making a lead",
        database=True,
    ),
    Rule(
        "FR-08",
        "Two certified examiners compare each candidate proposed as a lead. The first compares the faces of a list in random "
        "order, without score, rank, name or source, until every one is compared. Who opens the list before is on the record and "
        "examines none of it. As the last is compared, the system sends every candidate at or above the bar on, whatever was "
        "concluded. The second is drawn by lot among all who may; nobody chooses. Who is drawn says first that nothing of the "
        "case is known; who knows something, is late or may not examine any more is replaced by lot; size of the lot, "
        "replacements, reasons and drafts are disclosed, "
        "also where it is smaller than it ought to be. The second sees no conclusion, "
        "score, rank or name of the first and knows nothing of the matter: is and was on no case of it, neither opened one "
        "nor added to it or looked at it, requested no search of it, did not examine the face under another, and is put "
        "on none meanwhile; who knew another case of what is found to be one matter afterward, or the face, was not blind: "
        "the lead goes no further, its register says so, and the face is searched for and examined anew. The requester may be "
        "the first, never the second. Both must conclude "
        "“possible match”; disagreement ends the candidate, is recorded and disclosed. Where the setting asks for it, a "
        "third person who had no part in it signs before the lead is marked.",
        DPD,
        "making a lead",
        database=True,
    ),
    Rule(
        "FR-09",
        "A lead says on every page, print and API answer: “Investigative lead only. Not an identification. "
        "Not probable cause.”",
        ANN,
        "every page",
    ),
    Rule(
        "FR-10",
        "A lead may be marked for warrant only with enough verified corroborating items linked to this "
        "person: DNA, fingerprints, cell-phone data with its legal process, physical evidence, an independent "
        "witness, established whereabouts, or a photo line-up as FR-11 limits it. Two questions are asked of each item. "
        "Because of: obtained after the first result with this face; it is told with both days and counts, for material from "
        "the scene by the day the scene item was secured. Resting on the face: what it says depends on anyone having seen, "
        "been shown or told the probe, the gallery's photo or the name, or it is a file of a search for this face, a copy, near "
        "copy (perceptual hash) or version of one, or comes from an item that rests on the face; it never counts. The linker "
        "answers both, the verifier answers both without seeing those answers, and the strictest answer holds that anybody gave "
        "for a lead to this face, once the item is verified. A picture of any search of the matter is of the search. "
        "DNA reports, fingerprints and cell-phone "
        "data are linked as what they are, and nothing else, no picture either, as one of them. The same exhibit, report, "
        "object, record or witness is one, under whatever exhibit it is entered again: it counts once, and what was rejected or "
        "found to rest on the face stays that; a witness does from the day of that statement on. An exhibit with neither a file "
        "nor a custodian's number counts for nothing. The verifier is not the one who "
        "linked it. The person of a lead is entered for it, and what it says of this person is never rewritten.",
        f"{ANN}; {CARD}; Pen. Code 1546.1",
        "marking for warrant",
        database=True,
    ),
    Rule(
        "FR-11",
        "A line-up counts only beside at least one other verified independent item, and may be opened for a "
        "face-search lead only when such an item already links the person. What is a line-up is decided by the exhibit, with its "
        "copies and what it was made of, and not by the label of a link; a witness who was shown photos is one. What a link "
        "once called a line-up stays one; of whatever is no report and no phone records it is said whether photos were shown "
        "before. A line-up in which the witness picked somebody else, nobody, or was unsure counts for nothing.",
        SETT,
        "line-up, marking for warrant, approval",
        database=True,
    ),
    Rule(
        "FR-12",
        "A purpose other than suspect has no way to a warrant, for that face in that matter, under whatever later search. "
        "The only exception is the recorded reason of a captain who had no part in it, printed in the packet; it is of the "
        "searches that stood open then, by their numbers, and that captain decides on no application for the face.",
        ANN,
        "marking for warrant",
        database=True,
    ),
    Rule(
        "FR-13",
        "Captains who neither searched, examined, asked for an examination, added evidence to a case of the matter, withdrew "
        "it or recorded a hand-over, linked, took a link back, verified, entered or answered what points away, said whether "
        "its person is another, took back that cases are one, withdrew a person of the matter, entered or rewrote one since the "
        "matter's first search, changed since then what a case of it says, sealed another case of it or opened its "
        "seal, cleared a lead of it, acted on the same evidence for another lead of it, marked nor applied approve or deny, one "
        "at a time, with reasons and on the version of the packet that they opened. After a denial, "
        "or once the person is cleared, every lead to that face in the matter goes on only with something new: evidence "
        "that counts, is no line-up, came to the matter and was linked since then, of a report, object, record or witness "
        "that was linked to no lead of the face before, and is verified by somebody who marked none and applied for none; "
        "or an answer that explains what stood in its register then, in words of which at least half are in no "
        "earlier answer, by somebody who neither searched for the face, examined it, made a lead to it, cleared one, linked "
        "anything to one, took a link back, added what was linked, marked nor applied, wrote what "
        "is answered nor had answered it. Nobody marks or applies on his own verification or answer. What came into "
        "the register since frees nothing. Two applications for one face do not wait "
        "at once. An application whose evidence is withdrawn goes back to its applicant. "
        "Where every captain had a part, the chief decides under the same conditions, once the application has waited the "
        "hours that the manual names. A closed case takes no lead, no mark, no application and no decision.",
        f"{CARD}; Detroit asks for two captains since 2023",
        "warrant decision",
        database=True,
    ),
    Rule(
        "FR-14",
        "The packet discloses that face search was used and its limits; tool, maker, model, version, "
        "calibration and measured error rates; gallery and size; the original probe, edits and quality; every search "
        "of the matter, also those that found nobody or others, and what ties its cases; the full candidate list with "
        "ranks, scores and threshold; each photo's source and date; both examiners' notes, conclusions and certificates, also "
        "disagreement; corroboration and its independence; the exculpatory register; line-ups; decisions and rule "
        "versions.",
        f"{SETT}; State v. Miles (N.J. 2026) and Arteaga (2023), not binding in California",
        "warrant packet",
        database=True,
        note="In the database: a search that is over, its list and its result, an application, its packet and its "
        "decision stay as they were written. What the packet says is put together from them by a fixed template.",
    ),
    Rule(
        "FR-15",
        "Candidates are sealed 30 days after the last act on their search, whether the case is open or not: from then on "
        "only the auditor and disclosure reach them. They are destroyed only where the case has no lead, arrest, "
        "application or hold, and a retention resolution is entered. Search records are never destroyed.",
        "Department rule: privacy and disclosure together; Gov. Code 34090",
        "scheduled",
        enforced=False,
    ),
    Rule(
        "FR-16",
        "A search run outside the department is recorded before its result is used, with tool, maker, version, operator, "
        "the probe actually sent, the whole list that came back and the kind of gallery; a result from booking or DMV "
        "photos is a tip, never a lead. It needs no match score of ours, but two examiners and at least two "
        "corroborating items. Each tip from an agency answers whether face search was used; “unknown” counts as yes. A "
        "vendor's own search log is imported monthly and matched; a search in it that nobody recorded is an incident.",
        f"{ANN}; State v. Miles (N.J. 2026)",
        "recording an outside search",
        enforced=False,
    ),
    Rule(
        "FR-17",
        "Each month an auditor reviews 10 % of the searches, drawn at random afterward, and at least 5, and records "
        "findings; besides these all urgent, outside, crowd and overridden ones, and those run within an hour of a case "
        "that their requester opened. Every use of a lead is reviewed at its outcome.",
        f"{ANN}; {SETT}",
        "scheduled",
        enforced=False,
    ),
    Rule(
        "FR-18",
        "What speaks against a lead (a description that does not fit, an alibi, another candidate, a failed "
        "search, an examiner's doubt) is entered in the exculpatory register and answered before approval, once "
        "more where the exhibit it names is withdrawn; what the records "
        "of the matter say is entered by the software, what anybody entered and what an examiner wrote of that face for "
        "whatever lead to it among it, to be answered for each, and nobody applies or approves without it. An "
        "examiner and an applicant must each answer “what does not fit?”.",
        "Brady v. Maryland",
        "examination, application, approval",
        database=True,
    ),
    Rule(
        "FR-19",
        "A suspected violation opens a misuse incident, by auditor, captain or chief, or by the system where a rule says "
        "so; an alert under AU-07 alone is none. Where a person's conduct is named the certificate is suspended, and the "
        "chief decides within 72 hours, with reasons, whether it stays so; the auditor is told. A 24-hour clock runs to "
        "the chief, and to the council in numbers and kinds, without names.",
        f"{DPD}; department policy; Pen. Code 832.7",
        "incident",
        enforced=False,
        note="Detroit's 24 hours cover fewer violations; this is wider.",
        unchecked="Pen. Code 832.7.",
    ),
    Rule(
        "FR-20",
        "A certificate says what was taught and by whom, and covers limits of the technology, error differences "
        "between groups of people, and line-up rules. Nobody issues his own; it expires; a suspension is final.",
        SETT,
        "training certificates",
        database=True,
    ),
    Rule(
        "FR-21",
        "A legal hold (packet, arrest, claim) blocks every purge.",
        "Brady v. Maryland; Gov. Code 34090",
        "scheduled",
        enforced=False,
        note="Nothing of a face search is purged by this version, so nothing of it needs a hold yet. Plate reads are, and "
        "have holds of their own (PK-05).",
    ),
    Rule(
        "FR-22",
        "An examination is a form of 19 components, each similar, different or not visible, every "
        "difference explained; an exclusion may leave the rest open beside a difference. Conclusions: exclude, "
        "inconclusive, possible match, which needs enough components that are similar. “Identified” is not a value.",
        "ASTM E3149; FISWG",
        "examination",
        database=True,
    ),
    Rule(
        "FR-24",
        "What came before for a face follows it through the matter: every case that searched for the same picture, that is "
        "linked, or that has the same dispatch or records number. A captain may take a number or a link back, with a "
        "reason; so may a merge of two people be undone. What happened until then, and later, still counts, unless the number "
        "or link tied a case in which nothing else was yet. It is searches of any purpose, "
        "conclusions of examiners, replaced examiners, denials, clearings, rejected "
        "and withdrawn evidence, "
        "withdrawn probes, and what was entered against it for any lead. They are entered in the exculpatory register and stand "
        "in the packet. A face that an examiner "
        "did not think possible makes no lead for that probe, a lead that was made before goes no "
        "further, and evidence that was rejected counts for no lead to it. "
        "Faces are compared, never photos or names of folders. Of a sealed case the effect counts; that one exists is "
        "said, and who decides what is disclosed: neither words nor names of it, also where a mark falls by what happens there.",
        "Williams v. Detroit settlement (2024), as reported; State v. Miles (N.J. 2026)",
        "making a lead, marking, applying, approval",
        database=True,
    ),
    Rule(
        "FR-26",
        "Who the person of a lead is, is a record of its own: name, date of birth, from which exhibit, and who entered it; a "
        "second person checks it. The lead's “possibly” is never rewritten. An application says which kind of warrant it asks "
        "for; an arrest is asked for only of a person whose identity is checked, and names the court. An identity that is "
        "disputed or withdrawn lets an application to arrest that waits fall back, and is told after approval.",
        "State v. Miles (N.J. 2026)",
        "applying for a warrant, approval",
        database=True,
    ),
    Rule(
        "FR-27",
        "What becomes of an approved application is recorded step by step, in words: sent to the prosecutor, shown to a "
        "magistrate, issued with its number or refused, served, the outcome. The applicant, a captain or the chief recalls "
        "an approval at any time, with reasons; the person is cleared in any state, which recalls it too. What comes in "
        "later and speaks against the lead (an entry of the register, withdrawn or rejected evidence) is told at once to "
        "applicant, captain and chief, and disclosed in a supplement: a numbered new version of the packet. Until then "
        "nothing goes to the prosecutor or a magistrate.",
        "Brady v. Maryland",
        "after approval",
        database=True,
    ),
)
