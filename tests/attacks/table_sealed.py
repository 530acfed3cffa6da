"""Attacks on sealed cases: somebody who is not named on one writes into it, in every table of a case's rows (AC-04)."""

from tests.attacks.made import clone
from tests.attacks.table_after import APPROVED, step
from tests.attacks.table_base import SEALED
from tests.attacks.table_identity import answered, said
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
    "leads_caseacceptance": "captain_id",
    "leads_examination": "examiner_id",
    "leads_lead": "created_by_id",
    "leads_leadsignoff": "supervisor_id",
    "leads_purposeexception": "captain_id",
    "leads_searchreplay": "by_id",
    "cases_caseassignment": "assigned_by_id",
    "cases_incidentnumber": "entered_by_id",
    "cases_caselink": "entered_by_id",
}
WRITTEN = {
    "leads_corroboration": (link(linked_by_id=STRANGER),),
    "leads_corroborationverification": (
        clone("leads_corroborationverification", corroboration_id="{own}", verifier_id=STRANGER),
    ),
    "leads_exculpatoryentry": (AN_ALIBI.replace("{user_investigator}", STRANGER),),
    "leads_exculpatoryanswer": (clone("leads_exculpatoryanswer", entry_id="{entry}", answered_by_id=STRANGER),),
    "leads_packetreading": (opened()[1], opened()[0]),
    "leads_identity": said("{lead_id}", entered_by_id=STRANGER),
    "leads_identityanswer": (
        answered("disputed", STRANGER)[0],
        *reversed(said("{lead_id}")),
        answered("disputed", STRANGER)[1],
    ),
    "leads_warrantstep": (step("sent", by_id=STRANGER)[0], *APPROVED, step("sent", by_id=STRANGER)[1]),
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
    "cases_incidentnumber": (
        "withdrawn_at IS NULL",
        {"withdrawn_by_id": STRANGER, "withdrawn_at": "now()", "withdrawn_reason": WHY},
    ),
    "cases_caselink": (
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
ACCESS, NAMED = "guardian_userobjectpermission", "(SELECT k.captain_id FROM cases_case k WHERE k.id = {case_id})"
MANAGES = "(SELECT p.id FROM auth_permission p WHERE p.codename = 'manage_case')"
TO_MANAGE = clone(ACCESS, "object_pk = '{case_id}'", user_id="{colleague}", permission_id=MANAGES)


def by(actor: str, action: str) -> str:
    """A decision of this person on the case."""
    return clone("policy_decision", outcome="'allowed'", verdicts="'[]'::jsonb", actor_id=actor, action=f"'{action}'",
                 subject_type="'cases.case'", subject_id="'{case_id}'")  # fmt: skip


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
] + [
    says("cases_case", "AC-04: A sealed case is changed", f"by {words}, while who is named looks at it",
         touch("cases_case", "id = {case_id}", **values), SEALED, STRICTLY, by(STRANGER, action), by(NAMED, "case.view"),
         shielded=True)
    for words, action, values in (
        ("who unseals it", "case.seal", {"sealed": "false", "sealed_reason": "'No longer needed'"}),
        ("who closes it", "case.close", {"status": "'suspended'"}),
        ("who says another reason", "case.seal", {"sealed_reason": "'The chief wished so'"}),
    )
] + [
    says("cases_caselink", "AC-04: A sealed case is linked", "to a case that one is not named on",
         clone("cases_caselink", case_id="{other_case_id}", other_id="{case_id}",
               entered_by_id="(SELECT k.opened_by_id FROM cases_case k WHERE k.id = {other_case_id})"), SEALED, shielded=True),
] + [
    says(ACCESS, "AC-04: Access to a sealed case is given", f"to himself by his own {action}", TO_MANAGE, SEALED, STRICTLY,
         by("{colleague}", action), shielded=True)
    for action in ("case.assign", "case.manage", "case.seal")
] + [
    says(ACCESS, "AC-04: Access to a sealed case is given", "by two who let each other in at once",
         f"INSERT INTO {ACCESS} (object_pk, content_type_id, permission_id, user_id) SELECT '{{case_id}}', t.id, {MANAGES}, "
         "u.id FROM django_content_type t, accounts_user u WHERE t.app_label = 'cases' AND t.model = 'case' "
         "AND u.id IN ({colleague}, {user_chief})", SEALED, STRICTLY, by("{colleague}", "case.assign"),
         by("{user_chief}", "case.assign"), shielded=True),
    says(ACCESS, "AC-04: Access to a sealed case is taken", "by a stranger's decision",
         f"DELETE FROM {ACCESS} WHERE object_pk = '{{case_id}}'", SEALED, STRICTLY, by("{colleague}", "case.assign"),
         shielded=True),
]  # fmt: skip
