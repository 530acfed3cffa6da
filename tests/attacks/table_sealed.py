"""Attacks on sealed cases: somebody who is not named on one writes into it, in every table of a case's rows (AC-04)."""

from tests.attacks.made import clone
from tests.attacks.table_base import SEALED
from tests.attacks.table_leads import AN_ALIBI, application, decision, link, opened
from tests.attacks.who_acts import STRICTLY
from tests.attacks.written import says, touch

STRANGER = "{user_visitor}"
WRITERS = {
    "cases_casenote": "author_id",
    "cases_custodyentry": "recorded_by_id",
    "cases_evidence": "added_by_id",
    "cases_notsameperson": "recorded_by_id",
    "cases_person": "added_by_id",
    "cases_personmerge": "proposed_by_id",
    "leads_examination": "examiner_id",
    "leads_lead": "created_by_id",
    "leads_leadsignoff": "supervisor_id",
    "leads_purposeexception": "captain_id",
    "leads_searchreplay": "by_id",
    "cases_caseassignment": "assigned_by_id",
}
WRITTEN = {
    "leads_corroboration": (link(linked_by_id=STRANGER),),
    "leads_corroborationverification": (
        clone("leads_corroborationverification", corroboration_id="{own}", verifier_id=STRANGER),
    ),
    "leads_exculpatoryentry": (AN_ALIBI.replace("{user_investigator}", STRANGER),),
    "leads_exculpatoryanswer": (clone("leads_exculpatoryanswer", entry_id="{entry}", answered_by_id=STRANGER),),
    "leads_packetreading": (opened()[1], opened()[0]),
    "leads_warrantapplication": (application(applicant_id=STRANGER),),
    "leads_warrantdecision": (decision(), *opened()),
}
# What a stranger does later to what stands in it: the row, and the column that would name him, with what goes with it.
WHY = "'It is not needed'"
LATER: dict[str, tuple[str, dict[str, str]]] = {
    "cases_evidence": (
        "id = {lift_id}",
        {"withdrawn_by_id": STRANGER, "withdrawn_at": "now()", "withdrawn_reason": WHY},
    ),
    "cases_person": (
        "withdrawn_at IS NULL",
        {"withdrawn_by_id": STRANGER, "withdrawn_at": "now()", "withdrawn_reason": WHY},
    ),
    "cases_caseassignment": ("ended_at IS NULL", {"ended_by_id": STRANGER, "ended_at": "now()"}),
    "cases_personmerge": (
        "state = 'proposed'",
        {"state": "'rejected'", "decided_by_id": STRANGER, "decided_at": "now()"},
    ),
    "leads_corroboration": (
        "id = {own}",
        {"withdrawn_by_id": STRANGER, "withdrawn_at": "now()", "withdrawn_reason": WHY},
    ),
    "leads_lead": (
        "state = 'open'",
        {"state": "'cleared'", "cleared_by_id": STRANGER, "cleared_at": "now()", "cleared_reason": WHY},
    ),
}
OF_A_STRANGER = {
    "cases_case": ("cases.case", "'case.manage'", "true", {"title": "'Another matter'"}),
    "leads_warrantapplication": (
        "leads.warrantapplication",
        "'warrant.withdraw'",
        "state = 'submitted'",
        {"state": "'withdrawn'", "decided_at": "now()"},
    ),
}
KEYS = {"cases_evidence": {"number": "990001"}}

ATTACKS = [
    says(table, "AC-04: In a sealed case", "by who is not named on it",
         clone(table, **{column: STRANGER}, **KEYS.get(table, {})), SEALED, shielded=True)
    for table, column in WRITERS.items()
] + [
    says(table, "AC-04: In a sealed case", "by who is not named on it", statement, *before, SEALED, shielded=True)
    for table, (statement, *before) in WRITTEN.items()
] + [
    says(table, "AC-04: In a sealed case", "by who is not named on it, later", touch(table, where, **values), SEALED,
         shielded=True)
    for table, (where, values) in LATER.items()
] + [
    says(table, "AC-04: A sealed case is changed", "by who is not named on it", touch(table, where, **values), SEALED, STRICTLY,
         clone("policy_decision", outcome="'allowed'", verdicts="'[]'::jsonb", actor_id=STRANGER, action=action,
               subject_type=f"'{about}'", subject_id=f"(SELECT min(o.id)::text FROM {table} o WHERE {where})"), shielded=True)
    for table, (about, action, where, values) in OF_A_STRANGER.items()
]  # fmt: skip
