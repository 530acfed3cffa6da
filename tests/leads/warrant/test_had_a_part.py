"""FR-13: whoever changes what an application rests on had a part in it; what is no part is named here, with the reason."""

import re

from django.apps import apps

from ecpd.accounts.models import User
from ecpd.audit.records import Ledger, Record
from leads.models.parts import decided_on_it, excepted, had_a_part, signed_off

THE_DECISION = "It is the decision itself, or the reading that comes before it."
ADDS_ONLY = "It only adds what binds and what is told; nothing can be hidden by it."
OF_THE_GALLERY = "The gallery, not the case: who brought a photo into it is named with its import (docs/threats.md)."
WHO_IS_ON_IT = "Who works on a case; nothing of what it says."
ASKED_THEN = "Asked to examine; who did is named by the examination."
# Who is named by a row, and had no part for that alone.
NO_PART = {
    "cases_case.captain_id": WHO_IS_ON_IT,
    "cases_case.opened_by_id": "Before there is any search.",
    "cases_caseassignment.user_id": WHO_IS_ON_IT,
    "cases_caseassignment.assigned_by_id": WHO_IS_ON_IT,
    "cases_caseassignment.ended_by_id": WHO_IS_ON_IT,
    "cases_incidentnumber.entered_by_id": ADDS_ONLY,
    "cases_caselink.entered_by_id": ADDS_ONLY,
    "cases_casenote.author_id": ADDS_ONLY,
    "cases_person.added_by_id": "Since the first search the log says it; before, nobody knew of whom.",
    "cases_timelineentry.actor_id": "It tells of an act that has a row of its own.",
    "leads_gallerysource.added_by_id": OF_THE_GALLERY,
    "leads_gallerysource.withdrawn_by_id": OF_THE_GALLERY,
    "leads_optout.recorded_by_id": OF_THE_GALLERY,
    "leads_optout.withdrawn_by_id": OF_THE_GALLERY,
    "leads_modelcard.created_by_id": OF_THE_GALLERY,
    "leads_importbatch.requested_by_id": OF_THE_GALLERY,
    "leads_examinationrequest.examiner_id": ASKED_THEN,
    "leads_searchreplay.by_id": "The machine repeats a search; what differs is told.",
    "leads_caseacceptance.captain_id": "He says that the event is real, before there is a lead; a captain who decides may.",
    "leads_packetreading.reader_id": THE_DECISION,
    "leads_warrantstep.by_id": "A step follows the decision; who recalls decides on nothing.",
}
# What changes without a column that names who changed it: the words of `had_a_part` that know it, or the reason.
BY_THE_LOG = {
    "cases_person": ("p.action = 'case.contribute'", "contact date_of_birth description name role unidentified"),
    "cases_case": (
        "p.action = 'case.manage'",
        "captain_id location occurred_at occurred_until offense_id summary title",
    ),
}
BY_A_SEAL = ("p.action = 'case.seal'", {"cases_case.sealed", "cases_case.sealed_reason"})
NOT_ASKED = {
    "cases_case.status": "Closed, nothing is decided; opened again it says what it said.",
    "cases_case.closed_at": "As its status.",
    "cases_case.last_event_at": "Follows from the timeline.",
    "cases_evidence.location": "Follows from the chain of custody, which names who recorded it.",
    "cases_evidence.phash": "A worker measures it.",
    "cases_person.merged_into_id": "By a merge, which one proposes and another decides.",
    "cases_personmerge.state": "With who decided or undid it.",
    "leads_galleryphoto.active": OF_THE_GALLERY,
    "leads_lead.state": "With who marked or cleared it, or its application.",
    "leads_examinationrequest.draft": "The examiner's own, kept as another is drawn.",
    "leads_examinationrequest.knew_nothing_at": "Said by who is drawn, who examined or was replaced.",
    "leads_examinationrequest.replaced_because": "Only for a reason that the database checks (fr_08_replaced).",
    "leads_examinationrequest.state": "Done with the examination, or withdrawn by who asks anew.",
    "leads_warrantapplication.state": THE_DECISION,
    "leads_warrantapplication.packet_id": THE_DECISION,
    "leads_warrantapplication.packet_sha256": THE_DECISION,
    "leads_warrantapplication.decided_at": THE_DECISION,
    "leads_warrantapplication.returned_reason": "Written as what it rests on falls, by who withdrew that.",
}
BY_WORKERS = {
    "leads_searchrequest",
    "leads_importbatch",
    "leads_probefaces",
}  # a search is canceled by who asked for it


def known() -> set[str]:
    """table.column of everybody whom the database asks for before a captain decides."""
    asked = " ".join(one("PERSON", "LEAD") for one in (had_a_part, signed_off, excepted, decided_on_it))
    found = set()
    for part in re.split(r"\bEXISTS \(", asked):
        tables = {alias: table for table, alias in re.findall(r"(?:JOIN|FROM) ((?:cases|leads)_\w+) (\w)\b", part)}
        found |= {f"{tables[alias]}.{column}" for alias, column in re.findall(r"\b(\w)\.(\w+_by_id|\w+_id)\b", part)
                  if alias in tables}  # fmt: skip
    return found


def records():
    found = [model for app in ("cases", "leads") for model in apps.get_app_config(app).get_models()]
    return [model for model in found if issubclass(model, Record | Ledger)]


def test_everybody_whom_a_record_names_had_a_part_or_a_reason_why_not():
    named = {f"{model._meta.db_table}.{field.column}" for model in records() for field in model._meta.concrete_fields
             if field.related_model is User}  # fmt: skip
    assert len(named) > 30
    assert named - known() - set(NO_PART) == set(), (
        "Who does so had a part in what a captain decides on, or say why not."
    )
    assert set(NO_PART) - named == set() and set(NO_PART) & known() == set()


def test_whatever_changes_is_known_by_who_changed_it_or_by_the_log():
    asked = had_a_part("PERSON", "LEAD")
    logged = {f"{table}.{column}" for table, (words, columns) in BY_THE_LOG.items() if words in asked
              for column in columns.split()}  # fmt: skip
    logged |= BY_A_SEAL[1] if BY_A_SEAL[0] in asked else set()
    changing, beside = set(), set()
    for model in records():
        table = model._meta.db_table
        if table in BY_WORKERS:
            continue
        columns = {*getattr(model, "may_change", {}), *getattr(model, "once", ())}
        changing |= {f"{table}.{column}" for column in columns}
        acts = {column.removesuffix("_by_id") for column in columns if column.endswith("_by_id")}
        beside |= {f"{table}.{act}_{what}" for act in acts for what in ("by_id", "at", "reason")}
    assert len(changing) > 30
    assert changing - beside - logged - set(NOT_ASKED) == set()
    assert set(NOT_ASKED) - changing == set() and set(NOT_ASKED) & logged == set()
