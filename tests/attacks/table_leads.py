"""Attacks on leads, their evidence, applications and decisions."""

from tests.attacks.made import clone
from tests.attacks.table_accounts import TAKEN, given, managed
from tests.attacks.table_searches import ITS_PROBE, again, asked_for, listed, replayed, search
from tests.attacks.table_searches import ended as ended_search
from tests.attacks.written import amended, breaks, says, touch

LEAD, LINK, APPLICATION, DECISION = (
    "leads_lead", "leads_corroboration", "leads_warrantapplication", "leads_warrantdecision",
)  # fmt: skip
NOT_ENOUGH, ONLY_A_LINEUP = "FR-10: Not enough", "FR-11: A line-up counts"
READY = "number = '{ready}'"
A_SCAN = (
    "INSERT INTO cases_storedfile (id, sha256, size, media_type, created_at) VALUES "
    f"(990001, '{'ab' * 32}', 1, 'image/png', now())"
)
A_SAID = clone("cases_evidence", "kind = 'fingerprint'", id="990004", number="992", kind="'interview'")
THE_EXHIBIT = ("(SELECT k.evidence_id FROM leads_corroboration k JOIN leads_lead l ON l.id = k.lead_id WHERE k.withdrawn_at IS "
               "NULL AND l.number = '{ready}' LIMIT 1)")  # fmt: skip
MARKED = "number = '{marked}'"
FREE = "(SELECT c.id FROM leads_candidate c WHERE NOT EXISTS (SELECT 1 FROM leads_lead l WHERE l.candidate_id = c.id)"


def lead(**changes: str) -> str:
    """Another lead, from a candidate that both examiners agree on and nobody has made a lead of."""
    both = (
        FREE + " AND (SELECT count(*) FROM leads_examination e WHERE e.candidate_id = c.id) = 2 ORDER BY c.id LIMIT 1)"
    )
    return clone(LEAD, "state = 'open'", **({"serial": "90001", "candidate_id": both} | changes))


PROBE = ("o.id = (SELECT s.probe_id FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id JOIN "
         "leads_searchrequest s ON s.id = c.search_id WHERE l.number = '{ready}')")  # fmt: skip


def link(**changes: str) -> str:
    """Another exhibit linked to the lead that is ready."""
    right = {"lead_id": "(SELECT id FROM leads_lead WHERE number = '{ready}')", "withdrawn_at": "NULL",
             "withdrawn_by_id": "NULL"}  # fmt: skip
    return clone(LINK, "kind = 'fingerprint' AND lead_id = (SELECT id FROM leads_lead WHERE number = '{ready}')",
                 **(right | changes))  # fmt: skip


def application(**changes: str) -> str:
    """An application for the lead that is marked."""
    right = {"serial": "90001", "lead_id": "(SELECT id FROM leads_lead WHERE number = '{marked}')", "state": "'submitted'",
             "decided_at": "NULL", "packet_id": "NULL", "packet_sha256": "''", "asks_for": "'search'"}  # fmt: skip
    return clone(APPLICATION, **(right | changes))


def decision(**changes: str) -> str:
    """A captain's approval of the application that waits, by one who had no part in it."""
    right = {"application_id": "{application_id}", "captain_id": "{user_visitor}", "outcome": "'approve'",
             "reasons": "'The lift and the alibi agree.'", "read_packet": "true", "packet_reading_id": "990001"}  # fmt: skip
    return clone(DECISION, **(right | changes))


def another_exhibit(lead_id: str) -> str:
    """A lift that does not link this lead yet."""
    return (
        "(SELECT e.id FROM cases_evidence e WHERE e.kind = 'fingerprint' AND e.id NOT IN (SELECT k.evidence_id FROM "
        f"leads_corroboration k WHERE k.lead_id = {lead_id}) ORDER BY e.id LIMIT 1)"
    )


def as_lineup(number: str) -> str:
    """What links this lead comes down to one line-up: the others are withdrawn, the line-up is verified."""
    return (
        "UPDATE leads_corroboration SET withdrawn_at = now(), withdrawn_by_id = linked_by_id, withdrawn_reason = 'Taken "
        f"back' WHERE kind <> 'lineup' AND lead_id = (SELECT id FROM leads_lead WHERE number = '{number}')"
    )


def a_lineup(number: str) -> tuple[str, str]:
    """A verified line-up beside what links this lead already."""
    of = f"(SELECT id FROM leads_lead WHERE number = '{number}')"
    return (
        clone(
            LINK,
            f"lead_id = {of}",
            id="990001",
            kind="'lineup'",
            details="""'{"outcome": "The suspect", "witness": "L. Ostrander", "reference": "LU-7"}'""",
            withdrawn_at="NULL",
            withdrawn_by_id="NULL",
            evidence_id=another_exhibit(of),
        ),
        clone("leads_corroborationverification", corroboration_id="990001"),
    )


WITHDRAWN = (
    "UPDATE leads_corroboration SET withdrawn_at = now(), withdrawn_by_id = linked_by_id, withdrawn_reason = 'Back' "
)


def opened(reader: str = "{user_visitor}", key: str = "990001") -> tuple[str, str]:
    """This captain opens the packet of the application that waits, through the door."""
    return (
        clone("policy_decision", id=key, actor_id=reader, action="'warrant.packet'", outcome="'allowed'",
              subject_type="'leads.warrantapplication'", subject_id="'{application_id}'"),
        clone("leads_packetreading", id=key, application_id="{application_id}", reader_id=reader, decision_id=key),
    )  # fmt: skip


def signed_off(supervisor: str, lead: str = "{lead_id}") -> tuple[str, str]:
    """This captain signs off on a lead, or on the one that is open, through the door."""
    return (
        clone("policy_decision", id="990003", actor_id=supervisor, action="'lead.sign_off'", outcome="'allowed'",
              subject_type="'leads.lead'", subject_id=f"{lead}::text"),
        clone("leads_leadsignoff", lead_id=lead, supervisor_id=supervisor, decision_id="990003"),
    )  # fmt: skip


def without_the_face(lead: str) -> tuple[str, ...]:
    """A search for the face of a lead's probe (SQL for its key) that failed; nobody entered it in the register."""
    its = (
        "(SELECT s.{} FROM leads_searchrequest s JOIN leads_candidate c ON c.search_id = s.id JOIN leads_lead l "
        f"ON l.candidate_id = c.id WHERE l.id = {lead})"
    )
    same = {name: its.replace("{}", name) for name in ("probe_id", "face")}
    return (
        asked_for("990020"),
        search(id="990001", decision_id="990020", **same),
        touch(
            "leads_searchrequest",
            "id = 990001",
            state="'failed'",
            finished_at="now()",
            error="'The picture is damaged.'",
        ),
    )


OF_APPLICATION = "(SELECT lead_id FROM leads_warrantapplication WHERE id = {application_id})"
AN_ALIBI = clone("leads_exculpatoryentry", lead_id=OF_APPLICATION, origin="''", entered_by_id="{user_investigator}",
                 entered_at="clock_timestamp()")  # fmt: skip
A_DENIAL = decision(outcome="'deny'")

# A decided application's packet: a PDF that is no exhibit, written with the decision.
A_PACKET = clone("cases_storedfile", id="990031", media_type="'application/pdf'", sha256="md5('a') || md5('packet')")
PACKET = {"packet_id": "990031", "packet_sha256": "md5('a') || md5('packet')"}
ANOTHERS = {"packet_id": "(SELECT min(packet_id) FROM leads_warrantapplication)", "packet_sha256": "(SELECT f.sha256 FROM "
            "cases_storedfile f WHERE f.id = (SELECT min(packet_id) FROM leads_warrantapplication))"}  # fmt: skip
OTHER_PARTS = {"parts": """'{"A part": "other"}'::jsonb""",
               "version": "encode(sha256(convert_to(E'A part\\nother\\n', 'UTF8')), 'hex')"}  # fmt: skip
EXHIBIT = {"packet_id": "(SELECT min(file_id) FROM cases_evidence)", "packet_sha256":
           "(SELECT f.sha256 FROM cases_storedfile f WHERE f.id = (SELECT min(file_id) FROM cases_evidence))"}  # fmt: skip


def ended(outcome: str, state: str, **by: str) -> str:
    """A captain's decision on the application that waits, with all that follows from it."""
    return "; ".join((
        decision(outcome=f"'{outcome}'", **by),
        A_PACKET,
        touch(APPLICATION, "id = {application_id}", state=f"'{state}'", decided_at="now()", **PACKET),
        touch(LEAD, f"id = {OF_APPLICATION}", state=f"'{state}'"),
    ))  # fmt: skip


WARRANT_APPROVED, WARRANT_DENIED = ended("approve", "approved"), ended("deny", "denied")
DENIED_BY_ANOTHER = ended("deny", "denied", captain_id="{user_captain}", packet_reading_id="990011")
BACK_TO_ITS_MARK = touch(LEAD, f"id = {OF_APPLICATION}", state="'marked'")
RETURNED = touch(APPLICATION, "id = {application_id}", state="'returned'", decided_at="now()",
                 returned_reason="'Evidence was withdrawn'")  # fmt: skip
APPLIED_FOR = touch(LEAD, MARKED, state="'applied'")
PACKED = touch(APPLICATION, "id = {application_id}", state="'denied'", decided_at="now()", **PACKET)
OF_DENIED = "(SELECT lead_id FROM leads_warrantapplication WHERE state = 'denied' ORDER BY id LIMIT 1)"
REMARKED = touch(LEAD, f"id = {OF_DENIED}", state="'marked'", marked_by_id="{user_investigator}", marked_at="now()")
OF_MARKED = "(SELECT l.id FROM leads_lead l WHERE l.number = '{marked}')"
MARKED_BY = touch(
    LEAD, READY.replace("{", "{{").replace("}", "}}"), state="'marked'", marked_by_id="{}", marked_at="now()"
)
OLD_RECORD = (
    "(SELECT {} FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id JOIN leads_searchrequest s ON s.id = "
    f"c.search_id JOIN leads_examination x ON x.candidate_id = c.id WHERE l.id = {OF_DENIED} ORDER BY x.id LIMIT 1)"
)
ALIBI_OF_DENIED = f"(SELECT min(x.id) FROM leads_exculpatoryentry x WHERE x.lead_id = {OF_DENIED} AND x.origin = '')"
ITS_BLIND_EXAMINER = (
    "(SELECT x.examiner_id FROM leads_examination x JOIN leads_lead l ON l.candidate_id = x.candidate_id "
    f"WHERE l.id = {OF_DENIED} AND x.position = 2)"
)
NEWEST_ENTRY = "(SELECT max(id) FROM leads_exculpatoryentry)"
NEW_ALIBI = clone("leads_exculpatoryentry", lead_id=OF_DENIED, origin="''", entered_by_id="{user_investigator}")


def entered(lead: str) -> str:
    """What a record says against a lead (SQL for its key) and is not in its register yet, as the software enters it."""
    return clone(
        "leads_exculpatoryentry",
        lead_id=lead,
        origin=f"(SELECT n.of_record FROM public.ecpd_not_entered({lead}) n ORDER BY 1 LIMIT 1)",
        kind=f"(SELECT n.of_kind FROM public.ecpd_not_entered({lead}) n ORDER BY n.of_record LIMIT 1)",
        what="'As its record says'",
        entered_by_id="NULL",
        evidence_id="NULL",
        entered_at="clock_timestamp()",
    )


def new_exhibit(lead: str, key: str = "990021") -> str:
    """A lift that comes to the case of this lead (SQL for its key) now, as a row of its own, without a file."""
    return clone("cases_evidence", f"o.case_id = (SELECT l.case_id FROM leads_lead l WHERE l.id = {lead})", id=key,
                 number=f"9{key[-3:]}", kind="'fingerprint'", file_id="NULL", phash="NULL", derived_from_id="NULL",
                 derivation="''", withdrawn_at="NULL", withdrawn_by_id="NULL", withdrawn_reason="''")  # fmt: skip


def linked_since(number: str, *, verifier: str = "{colleague}") -> tuple[str, ...]:
    """A new exhibit, linked to the lead that was denied as a report of this number, and verified."""
    return (
        new_exhibit(OF_DENIED),
        clone(LINK, f"lead_id = {OF_DENIED}", id="990001", withdrawn_at="NULL", withdrawn_by_id="NULL", withdrawn_reason="''",
              linked_by_id="{user_investigator}", evidence_id="990021",
              details=f"details || jsonb_build_object('lab_number', {number})"),
        clone("leads_corroborationverification", corroboration_id="990001", verifier_id=verifier, verified="true"),
    )  # fmt: skip


NO_WORDS = "jsonb_build_object('shown_photos', 'No statement')"
# A lift that was linked to no lead of the face, of a report of its own, and that a colleague verifies.
LINKED_SINCE = linked_since("'FP-990'")
ITS_ANSWER = clone("leads_exculpatoryanswer", entry_id=NEWEST_ENTRY, answered_by_id="{user_investigator}")
ANSWERED_BY_ANOTHER = clone("leads_exculpatoryanswer", entry_id=NEWEST_ENTRY, answered_by_id="{colleague}")


def case_closed(lead: str) -> str:
    """The case of this lead is closed."""
    return f"UPDATE cases_case SET status = 'closed', closed_at = now() WHERE id = (SELECT case_id FROM leads_lead WHERE {lead})"


BACKDATED = "now() - interval '4 minutes'"
CLOSED_CASE = "FR-13: A closed case"
A_SEARCH = (
    asked_for("990020"),
    search(id="990001", decision_id="990020"),
    clone("leads_candidate", id="990001", search_id="990001"),
)

PROBE_BACK = (
    "UPDATE cases_evidence SET withdrawn_at = now(), withdrawn_reason = 'Another day', withdrawn_by_id = added_by_id WHERE "
    "kind IN ('photo', 'still') AND withdrawn_at IS NULL"
)

OF_ITS_CASE = f"o.case_id = (SELECT l.case_id FROM leads_lead l WHERE l.id = {OF_APPLICATION})"


def a_copy(of: str) -> str:
    """What was made of the exhibit of this link, as another exhibit."""
    exhibit = f"(SELECT k.evidence_id FROM leads_corroboration k WHERE k.{of})"
    return clone("cases_evidence", f"o.id = {exhibit}", id="990002", number="990", derived_from_id=exhibit,
                 derivation="'Brighter'", file_id="NULL")  # fmt: skip


def rejected_once(number: str, *copy: str) -> tuple[str, ...]:
    """All that links this lead is taken back; an exhibit is rejected, linked anew (or its copy is) and verified by another."""
    of = f"(SELECT id FROM leads_lead WHERE number = '{number}')"
    again = "990002" if copy else "(SELECT k.evidence_id FROM leads_corroboration k WHERE k.id = 990001)"
    right = {"withdrawn_at": "NULL", "withdrawn_by_id": "NULL", "withdrawn_reason": "''", "rests_on_face": "'no'"}
    link_of = f"kind = 'fingerprint' AND lead_id = {of}"
    return (
        f"{WITHDRAWN}WHERE lead_id = {of} AND withdrawn_at IS NULL",
        clone(LINK, link_of, id="990001", evidence_id=another_exhibit(of), **right),
        clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="false"),
        f"{WITHDRAWN.replace('now()', 'clock_timestamp()')}WHERE id = 990001", *copy,
        clone(LINK, link_of, id="990002", evidence_id=again, **right),
        clone("leads_corroborationverification", corroboration_id="990002", verifier_id="{user_visitor}", verified="true"),
    )  # fmt: skip


def resting(number: str, *, by: str) -> tuple[str, ...]:
    """All that links this lead is taken back; an exhibit is linked and verified, and rests on the face by this answer."""
    of = f"(SELECT id FROM leads_lead WHERE number = '{number}')"
    answers = {"linker": "'no'", "verifier": "'no'"} | {by: "'yes'"}
    return (
        f"{WITHDRAWN}WHERE lead_id = {of} AND withdrawn_at IS NULL",
        clone(LINK, f"kind = 'fingerprint' AND lead_id = {of}", id="990001", evidence_id=another_exhibit(of), withdrawn_at="NULL",
              withdrawn_by_id="NULL", withdrawn_reason="''", rests_on_face=answers["linker"]),
        clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="true",
              rests_on_face=answers["verifier"]),
    )  # fmt: skip


def made_of_what_rests(number: str) -> tuple[str, ...]:
    """The same, and what was made of that exhibit is linked too; whoever links and verifies it says that it does not rest."""
    of = f"(SELECT id FROM leads_lead WHERE number = '{number}')"
    return (
        *resting(number, by="verifier"), a_copy("id = 990001"),
        clone(LINK, f"kind = 'fingerprint' AND lead_id = {of}", id="990002", evidence_id="990002", withdrawn_at="NULL",
              withdrawn_by_id="NULL", withdrawn_reason="''", rests_on_face="'no'"),
        clone("leads_corroborationverification", corroboration_id="990002", verifier_id="{user_visitor}", verified="true",
              rests_on_face="'no'"),
    )  # fmt: skip


def taken_back_and_anew(number: str) -> tuple[str, ...]:
    """All that links this lead is taken back; a link that says yes is too, before anybody verified it; then it says no."""
    of = f"(SELECT id FROM leads_lead WHERE number = '{number}')"
    right = {"withdrawn_at": "NULL", "withdrawn_by_id": "NULL", "withdrawn_reason": "''"}
    link_of = f"kind = 'fingerprint' AND lead_id = {of}"
    return (
        f"{WITHDRAWN}WHERE lead_id = {of} AND withdrawn_at IS NULL", new_exhibit(of),
        clone(LINK, link_of, id="990001", evidence_id="990021", rests_on_face="'yes'",
              details="""details || '{"lab_number": "FP-991"}'::jsonb""", **right),
        f"{WITHDRAWN.replace('now()', 'clock_timestamp()')}WHERE id = 990001",
        clone(LINK, "o.id = 990001", id="990002", rests_on_face="'no'", **right),
        clone("leads_corroborationverification", corroboration_id="990002", verifier_id="{colleague}", verified="true",
              rests_on_face="'no'"),
    )  # fmt: skip


def without_a_number(number: str) -> tuple[str, ...]:
    """All that links this lead is taken back, but for a verified link of an exhibit without a file and without a number."""
    of = f"(SELECT id FROM leads_lead WHERE number = '{number}')"
    return (
        f"{WITHDRAWN}WHERE lead_id = {of} AND withdrawn_at IS NULL", new_exhibit(of),
        clone(LINK, f"kind = 'fingerprint' AND lead_id = {of}", id="990001", evidence_id="990021", withdrawn_at="NULL",
              withdrawn_by_id="NULL", withdrawn_reason="''", details="""details || '{"lab_number": "Unknown"}'::jsonb"""),
        clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="true"),
    )  # fmt: skip


ITS_EXHIBIT = (
    f"(SELECT min(k.evidence_id) FROM leads_corroboration k WHERE k.lead_id = {OF_MARKED} AND k.withdrawn_at IS NULL)"
)
ITS_REPORT = f"(SELECT k.details FROM leads_corroboration k WHERE k.evidence_id = {ITS_EXHIBIT} LIMIT 1)"
# The exhibit on which a lead is marked, and another picture of the same: near copies of one another.
NEAR_COPIES = (
    touch("cases_evidence", f"id = {ITS_EXHIBIT}", phash="123456789"),
    clone("cases_evidence", f"o.id = {ITS_EXHIBIT}", id="990002", number="990", phash="123456789"),
    link(id="990001", lead_id=OF_MARKED, evidence_id="990002"),
)


def of_its_lead(column: str) -> str:
    """SQL for a column of the lead that is applied for."""
    return f"(SELECT l.{column} FROM leads_lead l WHERE l.id = {OF_APPLICATION})"


ITS_CANDIDATES = of_its_lead("candidate_id")
ITS_PERSON, ITS_CASE, SOMEBODY = of_its_lead("person_id"), of_its_lead("case_id"), "990001"
A_PERSON = clone("cases_person", id=SOMEBODY, case_id=ITS_CASE, added_by_id="{colleague}")
ANOTHER_EXHIBIT = clone("cases_evidence", f"case_id = {ITS_CASE}", id="990001", number="990", added_by_id="{colleague}",
                        withdrawn_at="NULL", withdrawn_by_id="NULL", withdrawn_reason="''")  # fmt: skip
ITS_SEARCH = f"(SELECT c.search_id FROM leads_candidate c WHERE c.id = {ITS_CANDIDATES})"
ITS_EXAMINER = (
    f"(SELECT max(x.examiner_id) FROM leads_examination x WHERE x.candidate_id = {ITS_CANDIDATES} AND x.position = 2)"
)
ABOUT_THE_EXAMINER = managed("who").replace("'who'", f"{ITS_EXAMINER}::text")
# What came in that is neither an exhibit, a search nor an answer.
BESIDE = {
    "a note of the case came in": (clone("cases_casenote", case_id=of_its_lead("case_id"), text="'He was in hospital'",
                                         corrects_id="NULL"),),
    "somebody was told apart": (
        *(clone("cases_person", f"{OF_ITS_CASE} AND role <> 'lead'", id=key) for key in ("990001", "990002")),
        clone("cases_notsameperson", case_id=of_its_lead("case_id"), person_a_id="990001", person_b_id="990002")),
    "an exhibit was handed over, back-dated": (
        clone("cases_custodyentry", f"o.id = (SELECT max(u.id) FROM cases_custodyentry u JOIN cases_evidence e ON e.id = "
              f"u.evidence_id WHERE e.case_id = {of_its_lead('case_id')})", from_party="o.to_party", to_party="'Lost'",
              at="now()", recorded_at="now() - interval '4 minutes'"),),
    "a replay had another man first": replayed(ITS_SEARCH, same="false", differs="'Another man is first'"),
    "an examiner's certificate was suspended": (
        "UPDATE accounts_trainingcertificate SET suspended_at = clock_timestamp(), suspended_reason = 'He failed the yearly "
        "set', suspended_by_id = {user_administrator} WHERE id = (SELECT max(x.certificate_id) FROM leads_examination x WHERE "
        f"x.candidate_id = {ITS_CANDIDATES})",),
    "the source of the photo was withdrawn": (
        "UPDATE leads_gallerysource SET withdrawn_at = clock_timestamp(), withdrawn_by_id = {user_captain}, withdrawn_reason "
        "= 'The photos are not public' WHERE id = (SELECT p.source_id FROM leads_candidate c JOIN leads_galleryface f ON f.id "
         f"= c.face_id JOIN leads_galleryphoto p ON p.id = f.photo_id WHERE c.id = {ITS_CANDIDATES})",),
    "another suspect was entered, who confessed": (
        clone("cases_person", f"{OF_ITS_CASE} AND role <> 'lead'", id="990001", role="'suspect'",
              description="'He confessed'", added_at="now() - interval '4 minutes'"),),
    "it is known of another that he confessed": (
        touch("cases_person", f"id = (SELECT max(p.id) FROM cases_person p WHERE p.case_id = {of_its_lead('case_id')} AND "
              "p.role <> 'lead' AND p.withdrawn_at IS NULL)", description="'He confessed'"),),
    "the case tells another story": (
        touch("cases_case", f"id = {of_its_lead('case_id')}", summary="'It was another man'"),),
    "the person on the photo opted out, back-dated": (
        clone("leads_optout", id="990001", sha256="(SELECT p.sha256 FROM leads_candidate c JOIN leads_galleryface f ON f.id = "
              f"c.face_id JOIN leads_galleryphoto p ON p.id = f.photo_id WHERE c.id = {ITS_CANDIDATES})", source_id="NULL",
              phash="NULL", recorded_by_id="{user_captain}", recorded_at="now() - interval '4 minutes'", withdrawn_at="NULL",
              withdrawn_by_id="NULL", withdrawn_reason="''"),),
    "the account of an examiner was disabled": (
        ABOUT_THE_EXAMINER, f"UPDATE accounts_user SET is_active = false WHERE id = {ITS_EXAMINER}"),
    "an examiner lost the role": (
        ABOUT_THE_EXAMINER, TAKEN.replace("{account}", ITS_EXAMINER)),
    "the same picture came into another case": (
        clone("cases_evidence", "o.id = (SELECT s.probe_id FROM leads_searchrequest s JOIN leads_candidate c ON c.search_id = "
              f"s.id WHERE c.id = {ITS_CANDIDATES})", number="990", case_id="{other_case_id}"),),
}  # fmt: skip
VISITOR = "{user_visitor}"


def in_the_role(role: str) -> str:
    """The visitor holds this role alone from here on."""
    return "; ".join((managed(VISITOR), TAKEN.replace("{account}", VISITOR), given(VISITOR, role)))


# Who decides searched for the very picture when he was an investigator, and nothing came of it.
SEARCHED_BEFORE = (
    in_the_role("investigator"),
    managed(VISITOR, "certificate.issue"),
    clone("accounts_trainingcertificate", "o.kind = 'facial_recognition'", holder_id=VISITOR, suspended_at="NULL",
          issued_by_id="{user_administrator}", expires_on="o.issued_on + 300"),
    clone("cases_caseassignment", OF_ITS_CASE, user_id=VISITOR, lead="false"),
    clone("guardian_userobjectpermission", "o.object_pk = " + of_its_lead("case_id::text"), user_id=VISITOR,
          permission_id="(SELECT p.id FROM auth_permission p WHERE p.codename = 'contribute_case')"),
    clone("policy_decision", id="990020", actor_id=VISITOR, action="'search.request'", outcome="'allowed'", subject_id="''",
          subject_type="'leads.searchrequest'"),
    search(decision_id="990020", requested_by_id=VISITOR,
           probe_id=f"(SELECT s.probe_id FROM leads_searchrequest s WHERE s.id = {ITS_SEARCH})"),
    in_the_role("captain"),
)  # fmt: skip


def candidate_of(number: str) -> str:
    """SQL for the candidate of a lead of the world."""
    return f"(SELECT l.candidate_id FROM leads_lead l WHERE l.number = '{number}')"


def seconded(candidate: str, **changes: str) -> tuple[str, ...]:
    """Asked of and examined by somebody who has never seen the face, as the second."""
    return (
        clone("leads_examinationrequest", "state = 'done'", candidate_id=candidate, state="'open'",
              examiner_id="{user_outsider}", lot_size=f"(SELECT count(*) FROM public.ecpd_lot({candidate}))"),
        f"UPDATE leads_examinationrequest SET knew_nothing_at = now() WHERE candidate_id = {candidate} AND state = 'open'",
        clone("leads_examination", "position = 2", candidate_id=candidate, examiner_id="{user_outsider}", certificate_id=
              "(SELECT t.id FROM accounts_trainingcertificate t WHERE t.holder_id = {user_outsider} LIMIT 1)", **changes),
    )  # fmt: skip


def another_lead(candidate: str, key: str, *, exhibit: str = "", fits: str = "'Nothing.'") -> tuple[str, ...]:
    """A lead from a new search for the same face, with this key; `exhibit` (SQL) is linked to it and verified.

    `fits`: what its first examiner says that does not fit.
    """
    linked = (
        link(id=key, lead_id=key, evidence_id=exhibit),
        clone("leads_corroborationverification", corroboration_id=key, verified="true"),
    )
    return (
        *again(candidate, key),
        clone("leads_examination", "position = 1", candidate_id=key, conclusion="'possible_match'", does_not_fit=fits),
        *seconded(key, conclusion="'possible_match'"),
        lead(id=key, candidate_id=key, serial=key),
        *(linked if exhibit else ()),
    )


def excluded_anew(candidate: str) -> tuple[str, ...]:
    """The same face is found by a new search, and its examiner excludes it."""
    return (*again(candidate, "990001"),
            clone("leads_examination", "position = 1", candidate_id="990001", conclusion="'exclude'"))  # fmt: skip


CLEARED_BEFORE = touch(LEAD, "id = 990001", state="'cleared'", cleared_by_id="{user_investigator}", cleared_at="now()",
                       cleared_reason="'He was in hospital that night'")  # fmt: skip
READY_KEY = "(SELECT id FROM leads_lead WHERE number = '{ready}')"
VICTIM = {"purpose": "'victim'", "offense_id": "NULL"}
WITNESS = {"purpose": "'witness'", "offense_id": "NULL"}
AGREED = FREE + " AND (SELECT count(*) FROM leads_examination e WHERE e.candidate_id = c.id) = 2 ORDER BY c.id LIMIT 1)"
EXCEPTED = {"captain_id": "{user_visitor}", "decision_id": "990003"}


def excepts(lead: str, **changes: str) -> tuple[str, str]:
    """(the row of) a captain's reason why this lead has a way to a warrant, and the door's answer that stands before it."""
    return (
        clone("leads_purposeexception", **({"lead_id": lead} | EXCEPTED | changes)),
        clone("policy_decision", id="990003", actor_id=changes.get("captain_id", "{user_visitor}"),
              action="'lead.allow_purpose'", outcome="'allowed'", subject_type="'leads.lead'", subject_id=f"{lead}::text"),
    )  # fmt: skip


OF_A_FACE = [
    says(LEAD, "FR-08: The second examiner knew", "made though its second examiner was on a case that is linked since",
         lead(id="990001", candidate_id="990001", serial="990001"),
         clone("cases_caseassignment", "ended_at IS NULL", case_id="{other_case_id}", user_id="{user_outsider}", lead="false",
               assigned_at=BACKDATED),
         *another_lead(candidate_of("{ready}"), "990001")[:-1],
         clone("cases_caselink", "withdrawn_at IS NULL", other_id="{other_case_id}",
               case_id="(SELECT l.case_id FROM leads_lead l WHERE l.number = '{ready}')")),
    says(LEAD, "FR-24: An examiner did not", "from a new search after an exclusion", lead(), *again(AGREED, "990001"),
         clone("leads_examination", "position = 1", candidate_id="990001", conclusion="'exclude'")),
    says(LEAD, "FR-24: An examiner has found", "marked after a new search and an exclusion",
         MARKED_BY.format("{user_investigator}"), *excluded_anew(candidate_of("{ready}"))),
    says(LEAD, "FR-24: An examiner has found", "applied for after a new search and an exclusion",
         APPLIED_FOR, *excluded_anew(candidate_of("{marked}")),
         entered("(SELECT id FROM leads_lead WHERE number = '{marked}')"), application()),
    says(LEAD, "FR-24: An examiner has found", "approved after a new search and an exclusion",
         touch(LEAD, f"id = {OF_APPLICATION}", state="'approved'"), *excluded_anew(ITS_CANDIDATES),
         entered(OF_APPLICATION), ANSWERED_BY_ANOTHER, *opened(), decision(), A_PACKET,
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET)),
    says(LEAD, "FR-12: This face", "marked after a search for a witness with the same face",
         MARKED_BY.format("{user_investigator}"), *again(candidate_of("{ready}"), "990001", **WITNESS)),
    says(LEAD, "FR-12: This face", "marked after an exception of another search, of which the row says that it is all",
         MARKED_BY.format("{user_investigator}"), *again(candidate_of("{ready}"), "990001", **WITNESS),
         *reversed(excepts(READY_KEY, searches="'[990001, 990002]'")), *again(candidate_of("{ready}"), "990002", **VICTIM)),
    says(LEAD, "FR-12: This face", "marked after a search for a victim that came after the exception",
         MARKED_BY.format("{user_investigator}"), *again(candidate_of("{ready}"), "990001", **WITNESS),
         *reversed(excepts(READY_KEY)), *again(candidate_of("{ready}"), "990002", **VICTIM)),
    says(DECISION, "FR-13: Who said why", "by who excepted the face", decision(), *again(ITS_CANDIDATES, "990001", **WITNESS),
         *reversed(excepts(OF_APPLICATION)), *opened()),
    says("leads_leadsignoff", "FR-08: Who decided as", "signed off by who excepted the face",
         clone("leads_leadsignoff", lead_id=READY_KEY, supervisor_id="{user_visitor}"),
         *again(candidate_of("{ready}"), "990001", **WITNESS), *reversed(excepts(READY_KEY))),
    says("leads_purposeexception", "FR-12: This face", "excepted twice", excepts(READY_KEY)[0].replace("990003", "990004"),
         *again(candidate_of("{ready}"), "990001", **WITNESS), *reversed(excepts(READY_KEY)),
         excepts(READY_KEY)[1].replace("990003", "990004")),
    says(DECISION, "FR-13: Who searched", "by who entered what speaks against it", decision(),
         clone("leads_exculpatoryentry", lead_id=OF_APPLICATION, origin="''", entered_by_id="{user_visitor}"),
         clone("leads_exculpatoryanswer", entry_id=NEWEST_ENTRY, answered_by_id="{colleague}"), *opened()),
    says(LEAD, "FR-13: Nothing is new", "marked after another lead to the face was cleared",
         MARKED_BY.format("{user_investigator}"), *another_lead(candidate_of("{ready}"), "990001"), CLEARED_BEFORE),
    says(LEAD, NOT_ENOUGH, "on what was rejected for another lead to the face", touch(LEAD, "id = 990001", state="'marked'",
         marked_by_id="{user_investigator}", marked_at="now()"),
         *another_lead(candidate_of("{ready}"), "990001", exhibit=another_exhibit("990001")),
         link(id="990002", evidence_id="(SELECT k.evidence_id FROM leads_corroboration k WHERE k.id = 990001)"),
         clone("leads_corroborationverification", corroboration_id="990002", verifier_id="{colleague}", verified="false")),
    says(APPLICATION, "FR-13: Nothing is new", "applied for after another lead to the face was cleared", application(),
         *another_lead(candidate_of("{marked}"), "990001"), CLEARED_BEFORE),
    says(APPLICATION, "FR-13: Another application", "two captains asked at once about one face",
         application(lead_id="990001"),
         *another_lead(ITS_CANDIDATES, "990001", exhibit=another_exhibit("990001")),
         touch(LEAD, "id = 990001", state="'marked'", marked_by_id="{user_investigator}", marked_at="now()")),
    says(APPLICATION, "FR-13: A lead to this face", "approved though another lead to the face was cleared",
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET),
         *another_lead(ITS_CANDIDATES, "990001"), CLEARED_BEFORE, entered(OF_APPLICATION), ANSWERED_BY_ANOTHER, *opened(),
         decision(), A_PACKET),
    says("leads_purposeexception", "FR-12: A captain says", "excepted by the chief",
         *excepts("{lead_id}", captain_id="{user_chief}")),
    says("leads_purposeexception", "FR-12: Who had a part", "excepted by who verified", *excepts("{lead_id}"),
         clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{user_visitor}")),
    says("leads_purposeexception", "FR-12: This face", "excepted where nothing is to be excepted",
         *excepts("(SELECT id FROM leads_lead WHERE number = '{ready}')")),
]  # fmt: skip

ATTACKS = [
    *OF_A_FACE,
    says(LEAD, "FR-10: The person of a lead", "of somebody who is known", lead(person_id="{person}")),
    says(LEAD, "FR-10: The person of a lead", "of somebody in another case", lead(person_id="990001"),
         clone("cases_person", "role = 'lead'", id="990001", case_id="{other_case_id}", unidentified="true")),
    says(LEAD, "FR-13: No lead", "made in a closed case", lead(),
         case_closed("id = (SELECT min(o.id) FROM leads_lead o WHERE o.state = 'open')")),
    says(LEAD, "FR-03: No lead", "from a probe that was withdrawn", lead(), PROBE_BACK),
    says("leads_exculpatoryentry", "AC-09: What a row of a case", "an exhibit of another case",
         clone("leads_exculpatoryentry", origin="''", entered_by_id="{user_investigator}", evidence_id="990001"),
         clone("cases_evidence", "kind = 'fingerprint'", id="990001", number="1", case_id="{other_case_id}")),
    says(LEAD, CLOSED_CASE, "marked in a closed case", touch(LEAD, READY, state="'marked'"), case_closed(READY)),
    says(APPLICATION, CLOSED_CASE, "applied for in a closed case", application(), case_closed(MARKED), shielded=True),
    says(DECISION, CLOSED_CASE, "approved in a closed case", decision(), *opened(), case_closed(f"id = {OF_APPLICATION}")),
    says(DECISION, CLOSED_CASE, "denied in a closed case", A_DENIAL, *opened(), case_closed(f"id = {OF_APPLICATION}")),
    says(APPLICATION, "FR-18: What speaks", "approved over an alibi that came after the captain",
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET),
         *opened(), decision(), AN_ALIBI, A_PACKET),
    says(APPLICATION, "FR-18: What the records", "approved over a search that came after the captain",
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET),
         *opened(), decision(), *without_the_face(OF_APPLICATION), A_PACKET),
    *(says(APPLICATION, "FR-18: An application comes", f"applied for without {words} on another lead to the face", application(),
           *another_lead(candidate_of("{marked}"), "990005", fits=fits),
           touch("leads_examinationrequest", "candidate_id = 990005", state="'done'"), *entered)
      for words, fits, entered in (("an examiner's doubt", "'The left ear is of another shape.'", ()),
                                   ("an alibi", "'Nothing.'", (AN_ALIBI.replace(OF_APPLICATION, "990005"),)))),
    says(APPLICATION, "FR-18: An application comes", "applied for with a register that is not whole", application(),
         *without_the_face("(SELECT id FROM leads_lead WHERE number = '{marked}')")),
    says(APPLICATION, "FR-13: The captains", "approved of a packet that the captain never saw",
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET),
         *opened(), decision(), opened("{user_captain}", "990012")[0],
         clone("leads_packetreading", id="990012", application_id="{application_id}", reader_id="{user_captain}",
               decision_id="990012", **OTHER_PARTS), A_PACKET),
    says(APPLICATION, "FR-13: The captains", "approved before an alibi and its answer came in",
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET),
         *opened(), decision(), AN_ALIBI,
         clone("leads_exculpatoryanswer", entry_id=NEWEST_ENTRY, answered_by_id="{colleague}"), A_PACKET),
    says(APPLICATION, "FR-03: The probe", "approved on a probe that was withdrawn",
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET),
         PROBE_BACK, entered(OF_APPLICATION), ANSWERED_BY_ANOTHER, *opened(), decision(), A_PACKET),
    says(LEAD, "FR-03: The probe", "marked on a probe that was withdrawn",
         MARKED_BY.format("{user_investigator}"), PROBE_BACK),
    *(says(LEAD, NOT_ENOUGH, f"marked on what rests on the face, by its {who}", MARKED_BY.format("{user_investigator}"),
           *resting("{ready}", by=who)) for who in ("linker", "verifier")),
    says(LEAD, NOT_ENOUGH, "marked on what was made of what rests on the face", MARKED_BY.format("{user_investigator}"),
         *made_of_what_rests("{ready}")),
    says(LEAD, NOT_ENOUGH, "marked on what somebody rejected, verified by a friend", MARKED_BY.format("{user_investigator}"),
         *rejected_once("{ready}")),
    says(LEAD, NOT_ENOUGH, "marked on a report that somebody rejected, in another row", MARKED_BY.format("{user_investigator}"),
         *rejected_once("{ready}", new_exhibit("(SELECT id FROM leads_lead WHERE number = '{ready}')", "990002"))),
    says(LEAD, NOT_ENOUGH, "marked on what its linker said to rest on the face, taken back and linked anew",
         MARKED_BY.format("{user_investigator}"), *taken_back_and_anew("{ready}")),
    says(LEAD, NOT_ENOUGH, "marked on what has neither a file nor a number", MARKED_BY.format("{user_investigator}"),
         *without_a_number("{ready}")),
    says(LEAD, NOT_ENOUGH, "marked on a copy of what somebody rejected", MARKED_BY.format("{user_investigator}"),
         *rejected_once("{ready}", a_copy("id = 990001"))),
    *(says(DECISION, "FR-13: Something came in", f"while {title}", decision(), *opened(), *came)
      for title, came in BESIDE.items()),
    says(DECISION, "FR-13: Something came in", "while an exhibit of the case came in", decision(), *opened(),
         clone("cases_evidence", OF_ITS_CASE, number="990", added_at="clock_timestamp()")),
    says(DECISION, "FR-13: Something came in", "while the probe was withdrawn", decision(), *opened(),
         PROBE_BACK.replace("now()", "clock_timestamp()")),
    says(DECISION, "FR-13: Something came in", "while two entries became one person", decision(), *opened(),
         clone("cases_person", f"{OF_ITS_CASE} AND role <> 'lead'", id="990001"),
         clone("cases_person", f"{OF_ITS_CASE} AND role <> 'lead'", id="990002"),
         clone("cases_personmerge", case_id=f"(SELECT case_id FROM leads_lead WHERE id = {OF_APPLICATION})",
               keep_id="990001", duplicate_id="990002", proposed_at="clock_timestamp()")),
    says(APPLICATION, "FR-14: A packet is a file", "sealed with the packet of another application",
         touch(APPLICATION, "id = {application_id}", state="'denied'", decided_at="now()", **ANOTHERS), *opened(), A_DENIAL),
    says("leads_packetreading", "FR-13: A version", "a version that is none of its parts",
         clone("leads_packetreading", id="990001", application_id="{application_id}", reader_id="{user_visitor}",
               decision_id="990001", version="md5('a') || md5('b')"), opened()[0]),
    says(DECISION, "FR-13: The packet has another", "on a version that is no more", decision(), *opened(),
         opened("{user_captain}", "990012")[0],
         clone("leads_packetreading", id="990012", application_id="{application_id}", reader_id="{user_captain}",
               decision_id="990012", **OTHER_PARTS)),
    says(DECISION, "FR-13: Something came in", "while a search of the case came in", decision(), *opened(),
         asked_for("990020"), search(decision_id="990020", requested_at="clock_timestamp()")),
    says(APPLICATION, "FR-14: A packet is a PDF", "sealed with an exhibit",
         touch(APPLICATION, "id = {application_id}", state="'denied'", decided_at="now()", **EXHIBIT), *opened(), A_DENIAL),
    says(DECISION, "FR-13: Something came in", "while a back-dated alibi and its answer came in", decision(), *opened(),
         clone("leads_exculpatoryentry", id="990001", lead_id=OF_APPLICATION, origin="''",
               entered_by_id="{user_investigator}", entered_at=BACKDATED),
         clone("leads_exculpatoryanswer", entry_id="990001", answered_at=BACKDATED)),
    says(DECISION, "FR-13: Something came in", "while a back-dated link came in", decision(), *opened(),
         clone(LINK, f"lead_id = {OF_APPLICATION}", id="990001", withdrawn_at="NULL", linked_at=BACKDATED,
               evidence_id=another_exhibit(OF_APPLICATION))),
    says(DECISION, "FR-13: Something came in", "while a link was verified, back-dated", decision(),
         clone(LINK, f"lead_id = {OF_APPLICATION}", id="990001", withdrawn_at="NULL",
               evidence_id=another_exhibit(OF_APPLICATION)), *opened(),
         clone("leads_corroborationverification", corroboration_id="990001", at=BACKDATED)),
    says(LEAD, "FR-07: Only a search", "from a search that is not done", lead(candidate_id="990001"), *A_SEARCH,
         shielded=True),
    says(LEAD, "FR-07: A candidate", "from a low score", lead(candidate_id="990002"),
         asked_for("990020"), search(id="990001", decision_id="990020"),
         listed("990001"), clone("leads_candidate", id="990002", search_id="990001", rank="2", cosine="0", match_score="0",
                                 score_high="0"), ended_search("id = 990001", probe_embedding=ITS_PROBE)),
    says(LEAD, "FR-02: A lead belongs", "into another case", lead(case_id="{other_case_id}")),
    says(LEAD, "FR-08: Two certified", "with one examiner",
         lead(candidate_id=FREE + " AND (SELECT count(*) FROM leads_examination e WHERE e.candidate_id = c.id) = 1 "
              "ORDER BY c.id LIMIT 1)")),
    says(LEAD, "FR-08: Every listed candidate", "while one of its list was not sent", lead(candidate_id="{lagging}")),
    says(LEAD, "FR-10: A lead begins", "approved at birth", lead(state="'approved'"), shielded=True),
    says(LEAD, "FR-10: A lead cannot", "denied at once", touch(LEAD, "number = '{lead}'", state="'denied'")),
    says(LEAD, NOT_ENOUGH, "marked with nothing behind it", touch(LEAD, "number = '{lead}'", state="'marked'")),
    says(LEAD, ONLY_A_LINEUP, "marked on a line-up alone", touch(LEAD, READY, state="'marked'"), *a_lineup("{ready}"),
         as_lineup("{ready}")),
    says(LEAD, NOT_ENOUGH, "marked on what turns out to be a line-up", touch(LEAD, READY, state="'marked'"),
         clone("cases_evidence", id="990004", number="992", kind="'lineup'", file_id="NULL", phash="NULL",
               derivation="'Six pictures of it'",
               derived_from_id=THE_EXHIBIT)),
    says(LEAD, "FR-08: The manual asks", "marked without the third person", touch(LEAD, READY, state="'marked'"),
         *amended("lead_supervisor_signoff", "true")),
    says("leads_leadsignoff", "FR-08: A captain", "signed off by the chief",
         clone("leads_leadsignoff", lead_id="{lead_id}", supervisor_id="{user_chief}")),
    says("leads_leadsignoff", "FR-08: Who had a part", "signed off by who verified",
         clone("leads_leadsignoff", lead_id="{lead_id}", supervisor_id="{user_visitor}"),
         clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{user_visitor}")),
    says("leads_leadsignoff", "FR-08: Who decided", "signed off by who denied its application",
         clone("leads_leadsignoff", lead_id=OF_DENIED, supervisor_id=f"(SELECT d.captain_id FROM leads_warrantdecision d JOIN "
               f"leads_warrantapplication a ON a.id = d.application_id WHERE a.lead_id = {OF_DENIED} LIMIT 1)")),
    says(LEAD, "FR-12: Only a search", "marked from a search for a witness",
         touch(LEAD, "id = 990001", state="'marked'"),
         asked_for("990020"), search(id="990001", decision_id="990020", purpose="'witness'"),
         listed("990001"), ended_search("id = 990001", probe_embedding=ITS_PROBE),
         clone("leads_examination", "position = 1", candidate_id="990001"),
         *seconded("990001"), lead(id="990001", candidate_id="990001", number="'L-26-9001'"),
         link(id="990001", lead_id="990001"),
         clone("leads_corroborationverification", corroboration_id="990001")),
    says(LEAD, "FR-13: No application", "applied without an application", touch(LEAD, MARKED, state="'applied'")),
    says(LEAD, "FR-13: Its application", "back while a captain reads it",
         touch(LEAD, "state = 'applied'", state="'marked'")),
    says(LEAD, "FR-14: A lead that is approved", "another reason afterwards",
         touch(LEAD, "state = 'cleared'", cleared_reason="'No reason at all'"),
         touch(LEAD, "number = '{lead}'", state="'cleared'", cleared_by_id="{user_investigator}", cleared_at="now()",
               cleared_reason="'He was in hospital'")),
    says(LEAD, "FR-10: Clearing", "cleared for no reason",
         touch(LEAD, "number = '{lead}'", state="'cleared'", cleared_by_id="{user_investigator}", cleared_at="now()",
               cleared_reason="' '"), shielded=True),
    says(LINK, "FR-10: Corroborating", "an exhibit of another case", link(evidence_id="990001"),
         clone("cases_evidence", "kind = 'fingerprint'", id="990001", number="1", case_id="{other_case_id}")),
    says(LINK, "FR-10: The probe itself", "the probe as its own proof",
         link(evidence_id="(SELECT s.probe_id FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id JOIN "
              "leads_searchrequest s ON s.id = c.search_id WHERE l.number = '{ready}')")),
    says(LINK, "FR-10: The probe itself", "a copy of the probe under another number", link(evidence_id="990002"),
         clone("cases_evidence", PROBE, id="990002", number="990")),
    says(LINK, "FR-10: The probe itself", "a version of the probe", link(evidence_id="990003"),
         clone("cases_evidence", "kind = 'fingerprint'", id="990003", number="991",
               derived_from_id=f"(SELECT id FROM cases_evidence o WHERE {PROBE})",
               derivation="'Brighter'")),
    says(LINK, "FR-10: Cell-phone data", "phone data without a warrant", link(kind="'phone'", details="'{}'::jsonb")),
    says(LINK, "FR-11: This is a photo", "a line-up as physical evidence", link(kind="'physical'", evidence_id="990004",
                                                                               details=NO_WORDS),
         clone("cases_evidence", "kind = 'fingerprint'", id="990004", number="992", kind="'lineup'")),
    says(LINK, "FR-11: This is a photo", "what a link once called a line-up, as whereabouts",
         link(kind="'whereabouts'", details=NO_WORDS, evidence_id="990004"), A_SAID,
         link(id="990004", kind="'lineup'", evidence_id="990004",
              lead_id="(SELECT id FROM leads_lead WHERE number = '{marked}')")),
    says(LINK, "FR-11: Say whether", "a witness who says neither",
         link(kind="'witness'", details="jsonb_build_object('shown_photos', 'Nothing')", evidence_id="990004"), A_SAID),
    says(LINK, "FR-11: Say whether", "a recording as whereabouts, of a witness who was shown no photos",
         link(kind="'whereabouts'", details="jsonb_build_object('shown_photos', 'None')", evidence_id="990004"),
         clone("cases_evidence", "kind = 'fingerprint'", id="990004", number="992", kind="'clip'")),
    says(LINK, "FR-10: An exhibit is linked", "a statement as whereabouts", link(kind="'whereabouts'", evidence_id="990004",
         details=NO_WORDS), A_SAID),
    says(LINK, "FR-10: An exhibit is linked", "a document as physical evidence",
         link(kind="'physical'", evidence_id="990004", details=NO_WORDS),
         clone("cases_evidence", "kind = 'fingerprint'", id="990004", number="992", kind="'document'")),
    says(LINK, "FR-10: An exhibit is linked", "a photo as a DNA report", link(kind="'dna'", evidence_id="990004"),
         clone("cases_evidence", "kind = 'fingerprint'", id="990004", number="992", kind="'transit'")),
    says(LINK, "FR-10: An exhibit is linked", "phone data as whereabouts", link(kind="'whereabouts'", evidence_id="990004",
         details=NO_WORDS),
         clone("cases_evidence", "kind = 'fingerprint'", id="990004", number="992", kind="'phone_records'")),
    says(LINK, "FR-11: Say whether", "a transit record as whereabouts that says nothing of photos",
         link(kind="'whereabouts'", details="'{}'::jsonb", evidence_id="990004"),
         clone("cases_evidence", "kind = 'fingerprint'", id="990004", number="992", kind="'transit'")),
    says(LINK, "FR-10: The probe itself", "a near copy of the probe", link(evidence_id="990002"),
         clone("cases_evidence", PROBE, id="990002", number="990", kind="'document'", file_id="NULL", phash="o.phash # 5")),
    says(LINK, "FR-10: This picture", "a picture that nobody has compared", link(evidence_id="990002"), A_SCAN,
         clone("cases_evidence", PROBE, id="990002", number="990", kind="'document'", file_id="990001", phash="NULL")),
    says(LINK, "FR-11: A line-up may", "a line-up before anything else",
         clone(LINK, "lead_id = {lead_id}", kind="'lineup'", withdrawn_at="NULL")),
    says(LINK, "FR-10: A withdrawn link", "a withdrawn link counts again",
         touch(LINK, "withdrawn_at IS NOT NULL", withdrawn_at="NULL", withdrawn_by_id="NULL", withdrawn_reason="''"),
         WITHDRAWN + "WHERE id = {own}"),
    says(LINK, "FR-10: A link is withdrawn by", "withdrawn by nobody",
         touch(LINK, "id = {own}", withdrawn_at="now()", withdrawn_reason="' '")),
    says(LINK, "FR-14: An application rests", "withdrawn under the captain's eyes",
         WITHDRAWN + "WHERE lead_id = (SELECT lead_id FROM leads_warrantapplication WHERE id = {application_id})",
         shielded=True),
    says(LINK, "FR-10: A lead does not stay marked or applied for without", "a link withdrawn under a mark",
         WITHDRAWN + "WHERE lead_id = (SELECT id FROM leads_lead WHERE number = '{marked}')"),
    *(says(LINK, "FR-10: Who links an item says", f"linked without {question}",
           link(evidence_id=another_exhibit("(SELECT id FROM leads_lead WHERE number = '{ready}')"), **{question: "''"}))
      for question in ("because_of", "rests_on_face")),
    *(says("leads_corroborationverification", "FR-10: Who verifies an item answers", f"verified without {question}",
           clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{colleague}", **{question: "''"}))
      for question in ("because_of", "rests_on_face")),
    says("leads_corroborationverification", "FR-08: Who signed off", "verified by who signed off",
         clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{user_visitor}"),
         *signed_off("{user_visitor}")),
    says("leads_corroborationverification", "FR-10: Who linked", "verified by who linked it",
         clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{user_investigator}")),
    says("leads_corroborationverification", "FR-10: An investigator", "verified by an auditor",
         clone("leads_corroborationverification", corroboration_id="{own}", verifier_id="{user_auditor}")),
    says("leads_exculpatoryentry", "FR-18: What the software", "entered from a search there is not",
         clone("leads_exculpatoryentry", origin="'search 4711'", entered_by_id="NULL")),
    says("leads_exculpatoryentry", "FR-18: What the software", "entered from nothing",
         clone("leads_exculpatoryentry", origin="'attack'", entered_by_id="NULL")),
    breaks("leads_exculpatoryentry", "fr_18_by_somebody_or_software", "by nobody, from no record",
           clone("leads_exculpatoryentry", origin="''", entered_by_id="NULL")),
    breaks("leads_exculpatoryentry", "fr_18_by_somebody_or_software", "by somebody in the software's name",
           clone("leads_exculpatoryentry", "origin <> ''", what="'Something else'", entered_by_id="{user_investigator}")),
    breaks("leads_exculpatoryentry", "fr_18_entered_once", "from one record twice",
           clone("leads_exculpatoryentry", "origin <> ''")),
    breaks("leads_exculpatoryanswer", "fr_18_answer_in_words", "answered with a blank",
           clone("leads_exculpatoryanswer", entry_id="{entry}", text="' '")),
    says(APPLICATION, "FR-13: An application begins", "approved at birth", application(state="'approved'")),
    says(APPLICATION, "FR-18: An applicant", "nothing that does not fit", application(does_not_fit="' '"), shielded=True),
    says(APPLICATION, "FR-10: Only a lead", "for a lead that is not marked", application(lead_id="{lead_id}")),
    says(APPLICATION, "FR-13: A decided", "decided again",
         touch(APPLICATION, "state = 'denied'", state="'submitted'")),
    says(APPLICATION, "FR-14: A decision is sealed", "decided without a packet",
         touch(APPLICATION, "id = {application_id}", state="'denied'", decided_at="now()"), *opened(), A_DENIAL),
    says(APPLICATION, "FR-13: A captain has decided", "withdrawn after the decision",
         touch(APPLICATION, "id = {application_id}", state="'withdrawn'", decided_at="now()"), *opened(), A_DENIAL),
    says(APPLICATION, "FR-13: The captains", "approved by nobody",
         touch(APPLICATION, "id = {application_id}", state="'approved'", decided_at="now()", **PACKET), A_PACKET),
    says(APPLICATION, "FR-13: No captain", "denied by nobody",
         touch(APPLICATION, "id = {application_id}", state="'denied'", decided_at="now()", **PACKET), A_PACKET),
    says(APPLICATION, "FR-13: An application is returned", "returned for no reason",
         touch(APPLICATION, "id = {application_id}", state="'returned'", decided_at="now()"), shielded=True),
    says(DECISION, "FR-13: This application", "on one that is decided",
         decision(application_id="(SELECT id FROM leads_warrantapplication WHERE state = 'denied' LIMIT 1)"), *opened()),
    says(DECISION, "FR-13: A captain decides; the chief", "by the chief", decision(captain_id="{user_chief}"),
         *opened("{user_chief}")),
    says(DECISION, "FR-13: A captain reads", "an unread packet", decision(read_packet="false"), *opened()),
    says(DECISION, "FR-13: A captain decides on the packet", "on a packet that another opened", decision(),
         *opened("{user_captain}")),
    says(DECISION, "FR-13: Something came in", "while an alibi came in", decision(), *opened(), AN_ALIBI),
    says(DECISION, "FR-13: Something came in", "while an alibi came in for another lead to the face", A_DENIAL,
         *another_lead(ITS_CANDIDATES, "990005"), *opened(), AN_ALIBI.replace(OF_APPLICATION, "990005")),
    says(DECISION, "FR-13: Who searched", "by who verified", decision(),
         clone(LINK, f"lead_id = {OF_APPLICATION}", id="990001", withdrawn_at="NULL",
               evidence_id=another_exhibit(OF_APPLICATION)),
         clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{user_visitor}"), *opened()),
    says(DECISION, "FR-13: Who searched", "by who searched for its picture before", decision(), *SEARCHED_BEFORE, *opened()),
    says(DECISION, "FR-13: Who searched", "by who added evidence", decision(),
         clone("cases_evidence", f"case_id = (SELECT case_id FROM leads_lead WHERE id = {OF_APPLICATION})", number="990",
               added_by_id="{user_visitor}"), *opened()),
    says(DECISION, "FR-13: Who searched", "by who withdrew an exhibit", decision(), ANOTHER_EXHIBIT,
         touch("cases_evidence", "id = 990001", withdrawn_at="now()", withdrawn_by_id="{user_visitor}",
               withdrawn_reason="'It is of another night'"), *opened()),
    says(DECISION, "FR-13: Who searched", "by who handed an exhibit over", decision(), ANOTHER_EXHIBIT,
         clone("cases_custodyentry", evidence_id="990001", recorded_by_id="{user_visitor}", action="'collected'",
               from_party="''"), *opened()),
    says(DECISION, "FR-13: Who searched", "by who told its person from another", decision(), A_PERSON,
         clone("cases_notsameperson", person_a_id=f"(SELECT least({ITS_PERSON}, {SOMEBODY}))",
               person_b_id=f"(SELECT greatest({ITS_PERSON}, {SOMEBODY}))", case_id=ITS_CASE,
               recorded_by_id="{user_visitor}"), *opened()),
    says(DECISION, "FR-13: Who searched", "by who refused to merge its person", decision(), A_PERSON,
         clone("cases_personmerge", keep_id=ITS_PERSON, duplicate_id=SOMEBODY, case_id=ITS_CASE, state="'proposed'",
               decided_by_id="NULL", decided_at="NULL", undone_by_id="NULL", undone_at="NULL", undone_reason="''", id="990001",
               proposed_by_id="{colleague}"),
         touch("cases_personmerge", "id = 990001", state="'rejected'", decided_by_id="{user_visitor}", decided_at="now()"),
         *opened()),
    says(DECISION, "FR-13: Who searched", "by who marked it", decision(), *opened(),
         clone("policy_decision", actor_id="{user_visitor}", action="'lead.mark_for_warrant'", outcome="'allowed'",
               subject_type="'leads.lead'", subject_id=f"{OF_APPLICATION}::text")),
    says(DECISION, "FR-13: Who searched", "by who answered for it", decision(),
         AN_ALIBI, clone("leads_exculpatoryanswer", answered_by_id="{user_visitor}", entry_id=NEWEST_ENTRY), *opened()),
    says(DECISION, "FR-13: Who signed off", "by the third person", decision(), *opened(),
         *signed_off("{user_visitor}", OF_APPLICATION)),
    says(DECISION, "FR-13: Who searched", "by who linked evidence to another lead to the face", decision(),
         *another_lead(ITS_CANDIDATES, "990001"), in_the_role("investigator"),
         link(id="990001", lead_id="990001", evidence_id=another_exhibit("990001"), linked_by_id=VISITOR),
         in_the_role("captain"), *opened()),
    says(DECISION, "FR-13: One captain", "approved and denied at once", decision(outcome="'deny'", captain_id="{user_captain}",
         packet_reading_id="990011"), *opened(), *opened("{user_captain}", "990011"), decision()),
    says(DECISION, "FR-13: What captains decided", "approved and left waiting", decision(), *opened()),
    says(DECISION, "FR-13: What captains decided", "denied and left waiting", A_DENIAL, *opened()),
    says(APPLICATION, "FR-13: Its evidence", "returned while its evidence holds", RETURNED, shielded=True),
    breaks(APPLICATION, "fr_13_decided_when", "a moment of the decision before it is decided",
           touch(APPLICATION, "id = {application_id}", decided_at="now()")),
    says(APPLICATION, "FR-13: A lead and its", "withdrawn under a lead that is applied for",
         touch(APPLICATION, "id = {application_id}", state="'withdrawn'", decided_at="now()")),
    says(APPLICATION, "FR-13: A lead and its", "an application without the lead's step", application()),
    says(APPLICATION, "FR-13: The newest", "an older key than what is decided", application(id="-1", lead_id=OF_DENIED),
         *LINKED_SINCE, REMARKED),
    says(LEAD, "FR-13: A lead and its", "cleared under its application",
         touch(LEAD, MARKED, state="'cleared'", cleared_by_id="{user_investigator}", cleared_at="now()",
               cleared_reason="'He was in hospital'"), application()),
    says(LEAD, "FR-13: A lead goes on", "back to its mark past the denial",
         touch(LEAD, f"id = {OF_APPLICATION}", state="'marked'"), *opened(), A_DENIAL, A_PACKET,
         PACKED),
    says(LEAD, "FR-13: Nothing is new", "marked again after the denial", REMARKED),
    says(LEAD, "FR-13: Nothing is new", "with an alibi of his own, and his own answer", REMARKED, NEW_ALIBI, ITS_ANSWER),
    says(LEAD, "FR-13: Nothing is new", "with a colleague's alibi that he waves away", REMARKED,
         NEW_ALIBI.replace("{user_investigator}", "{colleague}"), ITS_ANSWER),
    says(LEAD, "FR-13: Nothing is new", "with an alibi of his own that a colleague waves away", REMARKED, NEW_ALIBI,
         ANSWERED_BY_ANOTHER),
    says(LEAD, "FR-13: Nothing is new", "with an answer of who examined the face", REMARKED,
         clone("leads_exculpatoryanswer", entry_id=ALIBI_OF_DENIED, answered_by_id=ITS_BLIND_EXAMINER, outcome="'explained'",
               text="'Mill records show that a badge could have been lent to somebody else'")),
    *[
        says(LEAD, "FR-13: Nothing is new", f"with what the software would have entered from {words}", REMARKED,
             clone("leads_exculpatoryentry", lead_id=OF_DENIED, origin=f"'{kind} ' || {record}", entered_by_id="NULL",
                   what="'In other words'"), ITS_ANSWER)
        for kind, record, words in (
            ("search", OLD_RECORD.format("s.id"), "an old search"),
            ("candidate", OLD_RECORD.format("c.id"), "an old candidate"),
            ("examination", OLD_RECORD.format("x.id"), "an old examination"),
            ("elsewhere", f"{OLD_RECORD.format('x.id')} || '.0'", "an old examination of another"),
        )
    ],
    says(LEAD, "FR-13: Nothing is new", "with an item that was rejected", REMARKED,
         clone(LINK, f"lead_id = {OF_DENIED}", id="990001", withdrawn_at="NULL", evidence_id=another_exhibit(OF_DENIED),
               details="""details || '{"lab_number": "FP-992"}'::jsonb"""),
         clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="false")),
    says(LEAD, "FR-13: Nothing is new", "with the same exhibit, linked anew", REMARKED,
         WITHDRAWN + f"WHERE lead_id = {OF_DENIED} AND withdrawn_at IS NULL",
         clone(LINK, f"lead_id = {OF_DENIED}", id="990001", withdrawn_at="NULL", withdrawn_by_id="NULL"),
         clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="true")),
    says(LEAD, "FR-13: Nothing is new", "with the same report in another row", REMARKED,
         *linked_since("o.details ->> 'lab_number'")),
    says(LEAD, "FR-13: Nothing is new", "with the same report, spelled otherwise", REMARKED,
         *linked_since("'copy of ' || translate(upper(o.details ->> 'lab_number'), '-', ' ')")),
    says(LEAD, "FR-13: Nothing is new", "with what lay in the case when it was denied", REMARKED,
         LINKED_SINCE[1].replace("990021", another_exhibit(OF_DENIED)), LINKED_SINCE[2]),
    says(LEAD, "FR-13: Nothing is new", "by who verified it", REMARKED.replace("{user_investigator}", "{colleague}"),
         *LINKED_SINCE),
    says(LEAD, "FR-13: Nothing is new", "with what was made of the same exhibit", REMARKED,
         clone("cases_evidence", f"id = (SELECT min(k.evidence_id) FROM leads_corroboration k WHERE k.lead_id = {OF_DENIED})",
               id="990001", number="990", derived_from_id=(
                   f"(SELECT min(k.evidence_id) FROM leads_corroboration k WHERE k.lead_id = {OF_DENIED})"),
               derivation="'Brighter'", file_id="NULL"),
         clone(LINK, f"lead_id = {OF_DENIED}", id="990001", withdrawn_at="NULL", withdrawn_by_id="NULL", evidence_id="990001"),
         clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="true")),
    says(LEAD, "FR-13: An investigator marks", "marked by a captain", MARKED_BY.format("{user_captain}")),
    says(LEAD, "FR-13: An investigator marks", "marked by a parking officer", MARKED_BY.format("{user_parking_officer}")),
    says(LEAD, "FR-13: A mark falls", "taken back for another's", touch(LEAD, MARKED, state="'open'")),
    says(APPLICATION, "FR-13: An investigator applies", "applied for by an auditor",
         application(applicant_id="{user_auditor}"), shielded=True),
    says(LEAD, "FR-13: A lead is marked by", "marked by nobody", touch(LEAD, READY, state="'marked'")),
    says(DECISION, "FR-13: This captain has approved", "approved twice", decision(packet_reading_id="990012"), *opened(),
         decision(), *opened(key="990012")),
    says("leads_corroborationverification", "FR-10: A lead does not stay marked or applied for on",
         "a near copy is found to rest on the face",
         clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="true",
               rests_on_face="'yes'"), *NEAR_COPIES),
    says("leads_corroborationverification", "FR-10: A lead does not stay marked or applied for on", "rejected by its copy",
         clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="false"),
         a_copy(f"lead_id = {OF_MARKED}"), link(id="990001", lead_id=OF_MARKED, evidence_id="990002")),
    says(LINK, "FR-10: A lead does not stay marked or applied for on", "the same report is linked as resting on the face",
         link(id="990001", lead_id=OF_MARKED, evidence_id="990021", rests_on_face="'yes'", details=ITS_REPORT),
         new_exhibit(OF_MARKED)),
    says("leads_corroborationverification", "FR-10: A lead does not stay marked or applied for on",
         "rejected by the same report in another row",
         clone("leads_corroborationverification", corroboration_id="990001", verifier_id="{colleague}", verified="false"),
         new_exhibit(OF_MARKED), link(id="990001", lead_id=OF_MARKED, evidence_id="990021",
             details=ITS_REPORT)),
    says(DECISION, "FR-18: What speaks", "over an open alibi", decision(), AN_ALIBI, *opened()),
    says(DECISION, "FR-18: What the records", "over a search that is not in the register", decision(),
         *without_the_face(OF_APPLICATION), *opened()),
    says(DECISION, "FR-18: What speaks", "over an alibi whose exhibit was withdrawn after its answer", decision(),
         ANOTHER_EXHIBIT,
         clone("leads_exculpatoryentry", lead_id=OF_APPLICATION, origin="''", entered_by_id="{colleague}",
               evidence_id="990001"),
         clone("leads_exculpatoryanswer", entry_id=NEWEST_ENTRY, answered_by_id="{colleague}"),
         touch("cases_evidence", "id = 990001", withdrawn_at="now()", withdrawn_by_id="{colleague}",
               withdrawn_reason="'It is of another night'"), *opened()),
    says("leads_packetreading", "FR-13: A packet is opened", "opened past the door",
         clone("leads_packetreading", decision_id="(SELECT id FROM policy_decision WHERE action <> 'warrant.packet' "
               "LIMIT 1)")),
]  # fmt: skip
