"""Attacks on sealed cases: somebody who is not named on one writes into it, in every table of a case's rows (AC-04)."""

from tests.attacks.made import clone
from tests.attacks.table_base import SEALED
from tests.attacks.table_leads import AN_ALIBI, application, decision, link, opened
from tests.attacks.written import says

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
KEYS = {"cases_evidence": {"number": "990001"}}

ATTACKS = [
    says(table, "AC-04: In a sealed case", "by who is not named on it",
         clone(table, **{column: STRANGER}, **KEYS.get(table, {})), SEALED, shielded=True)
    for table, column in WRITERS.items()
] + [
    says(table, "AC-04: In a sealed case", "by who is not named on it", statement, *before, SEALED, shielded=True)
    for table, (statement, *before) in WRITTEN.items()
]  # fmt: skip
