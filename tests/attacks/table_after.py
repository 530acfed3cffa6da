"""Attacks on what becomes of an application after a captain's decision (FR-27)."""

from tests.attacks.made import clone
from tests.attacks.table_identity import answered, said
from tests.attacks.table_leads import (
    AN_ALIBI,
    APPLICATION,
    LEAD,
    OF_APPLICATION,
    WARRANT_APPROVED,
    opened,
    without_the_face,
)
from tests.attacks.written import breaks, says, touch

STEP, FOLLOWS = "leads_warrantstep", "FR-27: That step does not follow"
APPROVED = (*opened(), WARRANT_APPROVED)
NO_VERSION = {"version": "NULL", "packet_id": "NULL", "packet_sha256": "''", "sections": "NULL"}
A_SUPPLEMENT = clone(
    "cases_storedfile", id="990041", media_type="'application/pdf'", sha256="md5('b') || md5('supplement')"
)
SEALS = {"packet_id": "990041", "packet_sha256": "md5('b') || md5('supplement')", "version": "2"}
RECALLED = "; ".join((
    touch(APPLICATION, "id = {application_id}", state="'recalled'"),
    touch(LEAD, f"id = {OF_APPLICATION}", state="'open'"),
))  # fmt: skip


def step(kind: str, key: str = "990040", *, action: str = "warrant.step", **changes: str) -> tuple[str, str]:
    """(the row of) a step of the application that waited, and the door's answer that stands before it."""
    by = changes.get("by_id", "{user_investigator}")
    right = {"id": key, "application_id": "{application_id}", "kind": f"'{kind}'", "by_id": by, "decision_id": key,
             "words": "'Handed over in person'", "happened_on": "NULL", "whom": "'The court'", "warrant_number": "'SW-1'",
             "at": "now()"}  # fmt: skip
    versions = {} if kind in ("sealed", "supplement") else NO_VERSION
    return (
        clone(STEP, **(right | versions | changes)),
        clone("policy_decision", id=key, actor_id=by, action=f"'{action}'", outcome="'allowed'",
              subject_type="'leads.warrantapplication'", subject_id="'{application_id}'"),
    )  # fmt: skip


def did(kind: str, key: str) -> tuple[str, str]:
    """A step that was taken before."""
    return tuple(reversed(step(kind, key)))  # type: ignore[return-value]


ROW, ASKED = step("sent")
BY_A_CAPTAIN = {"by_id": "{user_captain}", "action": "warrant.recall"}

ATTACKS = [
    says(STEP, "FR-27: Each step", "sent without a word", step("sent", words="E'\\u200b '")[0], *APPROVED, ASKED, shielded=True),
    says(STEP, "FR-27: The first version", "sealed long after the decision",
         clone(STEP, id="990040", kind="'sealed'", decision_id="990040"),
         clone("policy_decision", id="990040", actor_id=f"(SELECT min(o.by_id) FROM {STEP} o)", action="'warrant.deny'",
               outcome="'allowed'", subject_type="'leads.warrantapplication'",
               subject_id=f"(SELECT min(o.application_id)::text FROM {STEP} o)"), shielded=True),
    says(STEP, "FR-27: Only an application", "sent before a captain decided", ROW, ASKED),
    says(STEP, FOLLOWS, "shown to a magistrate before the prosecutor", *step("shown"), *APPROVED),
    says(STEP, FOLLOWS, "issued though nobody was asked", *step("issued"), *APPROVED),
    says(STEP, FOLLOWS, "served without a warrant", *step("served"), *APPROVED, *did("sent", "990050"), *did("shown", "990051"),
         *did("refused", "990052")),
    says(STEP, FOLLOWS, "shown after it was recalled", *step("shown"), *APPROVED, *did("sent", "990050"),
         *reversed(step("recalled", "990051", **BY_A_CAPTAIN)), RECALLED),
    says(STEP, "FR-27: Something that speaks", "sent over an alibi that came in after approval", *step("sent"), *APPROVED,
         AN_ALIBI),
    says(STEP, "FR-27: Something that speaks", "sent though somebody disputed after approval who he is", *step("sent"), *APPROVED,
         *reversed(said(OF_APPLICATION)), *reversed(answered("disputed", "{colleague}"))),
    says(STEP, "FR-27: Something that speaks", "shown over a record that nobody entered", *step("shown"), *APPROVED,
         *did("sent", "990050"), *without_the_face(OF_APPLICATION)),
    says(STEP, "FR-27: The applicant, a captain", "recalled by a colleague",
         *step("recalled", by_id="{colleague}", action="warrant.recall"), *APPROVED),
    says(STEP, "FR-27: The versions", "a supplement that skips a version",
         step("supplement", **SEALS | {"version": "3"})[0], *APPROVED, A_SUPPLEMENT, ASKED),
    says(STEP, "FR-27: A version of a packet", "a supplement with the packet of another",
         step("supplement", version="2")[0], *APPROVED, ASKED),
    says(STEP, "FR-27: A supplement has all", "a supplement that leaves a record out",
         step("supplement", **SEALS)[0], *APPROVED, *without_the_face(OF_APPLICATION), A_SUPPLEMENT, ASKED),
    says(STEP, "FR-27: A recall is carried out", "recalled in words alone", *step("recalled", **BY_A_CAPTAIN), *APPROVED),
    says(APPLICATION, "FR-27: An approval is recalled", "recalled by nobody", RECALLED.partition("; ")[0], *APPROVED,
         RECALLED.partition("; ")[2]),
    says(LEAD, "FR-13: A lead and its application", "cleared while its approval stands",
         touch(LEAD, f"id = {OF_APPLICATION}", state="'cleared'", cleared_by_id="{user_investigator}", cleared_at="now()",
               cleared_reason="'He was in hospital'"), *APPROVED),
    breaks(STEP, "fr_27_a_version_is_sealed", "a step that says it is a version", step("sent", version="2")[0], *APPROVED, ASKED),
    breaks(STEP, "fr_27_issued_with_a_number", "issued without a number", step("issued", warrant_number="''")[0], *APPROVED,
           *did("sent", "990050"), *did("shown", "990051"), ASKED),
]  # fmt: skip
