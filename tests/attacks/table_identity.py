"""Attacks on who the person of a lead is said to be (FR-26)."""

from tests.attacks.made import clone
from tests.attacks.table_leads import A_PACKET, APPLICATION, MARKED, OF_APPLICATION, OF_MARKED, PACKET, application
from tests.attacks.written import says, touch

IDENTITY, ANSWER = "leads_identity", "leads_identityanswer"
LETTER = (
    "(SELECT e.id FROM cases_evidence e WHERE e.kind = 'fingerprint' AND e.withdrawn_at IS NULL ORDER BY e.id LIMIT 1)"
)
PROBE = (f"(SELECT s.probe_id FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id JOIN leads_searchrequest s "
         f"ON s.id = c.search_id WHERE l.id = {OF_MARKED})")  # fmt: skip


def door(key: str, action: str, about: str, subject: str, by: str) -> str:
    """The door's answer that stands before a row."""
    return clone("policy_decision", id=key, actor_id=by, action=f"'{action}'", outcome="'allowed'", subject_type=f"'{about}'",
                 subject_id=f"({subject})::text")  # fmt: skip


def said(lead: str, **changes: str) -> tuple[str, str]:
    """(the row of) an identity of a lead (SQL for its key), and its decision."""
    right = {"id": "990060", "lead_id": lead, "evidence_id": LETTER, "decision_id": "990060", "entered_at": "now()",
             "entered_by_id": "{user_investigator}"}  # fmt: skip
    return (
        clone(IDENTITY, **(right | changes)),
        door("990060", "identity.enter", "leads.lead", lead, "{user_investigator}"),
    )


def answered(outcome: str, by: str, key: str = "990061", **changes: str) -> tuple[str, str]:
    """(the row of) what somebody says of that identity, and its decision."""
    right = {
        "id": key,
        "identity_id": "990060",
        "outcome": f"'{outcome}'",
        "by_id": by,
        "decision_id": key,
        "at": "now()",
    }
    return (clone(ANSWER, **(right | changes)), door(key, "identity.answer", "leads.identity", "990060", by))


ENTERED = tuple(reversed(said(OF_MARKED)))
CHECKED = tuple(reversed(answered("agrees", "{colleague}")))
ARREST = {"asks_for": "'arrest'", "court": "'Superior Court'", "identity_id": "990060"}

ATTACKS = [
    says(IDENTITY, "FR-26: Who the person of a lead is", "without a word on how one knows", *said(OF_MARKED, how="E'\\u200b '"),
         shielded=True),
    says(IDENTITY, "FR-26: The picture that", "from the probe itself", *said(OF_MARKED, evidence_id=PROBE)),
    says(IDENTITY, "FR-26: An exhibit that was withdrawn", "from what was withdrawn", *said(OF_MARKED, evidence_id="990062"),
         clone("cases_evidence", f"o.id = {LETTER}", id="990062", number="990", file_id="NULL"),
         "UPDATE cases_evidence SET withdrawn_at = now(), withdrawn_reason = 'Another day', withdrawn_by_id = added_by_id "
         "WHERE id = 990062"),
    says(IDENTITY, "AC-09: What a row of a case", "from an exhibit of another case", *said(OF_MARKED, evidence_id="990062"),
         clone("cases_evidence", f"o.id = {LETTER}", id="990062", number="1", case_id="{other_case_id}", file_id="NULL")),
    says(APPLICATION, "FR-26: What an arrest was asked", "approved though what says who he is was withdrawn",
         touch(APPLICATION, "id = 990064", state="'approved'", decided_at="now()", **PACKET),
         clone("cases_evidence", f"o.id = {LETTER}", id="990062", number="990", file_id="NULL"),
         *reversed(said(OF_MARKED, evidence_id="990062")), *CHECKED, application(id="990064", **ARREST),
         f"UPDATE leads_lead SET state = 'applied' WHERE {MARKED}", A_PACKET,
         "UPDATE cases_evidence SET withdrawn_at = now(), withdrawn_reason = 'Another day', withdrawn_by_id = added_by_id "
         "WHERE id = 990062"),
    says(ANSWER, "FR-26: Who checks or disputes", "disputed without a word",
         *answered("disputed", "{colleague}", reason="E'\\u200b '"), *ENTERED, shielded=True),
    says(ANSWER, "FR-26: Who somebody is", "checked by who entered it", *answered("agrees", "{user_investigator}"), *ENTERED),
    says(ANSWER, "FR-26: An application to arrest does not wait", "disputed under an application that waits",
         *answered("disputed", "{colleague}", "990063"), *ENTERED, *CHECKED, application(id="990064", **ARREST),
         f"UPDATE leads_lead SET state = 'applied' WHERE {MARKED}"),
    says(APPLICATION, "FR-26: An application says", "for no kind of warrant", application(asks_for="''")),
    says(APPLICATION, "FR-26: An application to arrest names", "to arrest, at no court", application(**ARREST | {"court": "''"}),
         *ENTERED, *CHECKED),
    says(APPLICATION, "FR-26: An arrest is asked", "to arrest somebody whom nobody checked", application(**ARREST), *ENTERED),
    says(APPLICATION, "FR-26: An arrest is asked", "to arrest somebody whom somebody disputed", application(**ARREST), *ENTERED,
         *CHECKED, *reversed(answered("disputed", "{colleague}", "990063"))),
    says(APPLICATION, "FR-26: An application names an identity", "to arrest the person of another lead", application(**ARREST),
         *reversed(said(OF_APPLICATION)), *CHECKED),
]  # fmt: skip
