"""Exhibits that are one and the same to a rule: copies of one file, and what was made of another (FR-10, FR-13)."""

from ecpd.audit.functions import of_an_app
from leads.models.against_v1 import NOT_ENTERED
from leads.models.against_v2 import AUTHOR_OF_RECORD, RECORD_OF, SPEAKS_AGAINST
from leads.models.bound_v3 import BOUND, FACE_ENDED, NEARLY_THE_SAME, NEW_SINCE
from leads.models.counts_as_v2 import COUNTS_AS
from leads.models.history_v1 import HISTORY
from leads.models.kin_v2 import KIN, OF_THE_SEARCH
from leads.models.knew_v1 import KNEW_THE_MATTER
from leads.models.leads_of_face_v2 import LEADS_OF_THE_FACE
from leads.models.matter_v3 import MATTER

NEWER = {one.name: one for one in (MATTER, LEADS_OF_THE_FACE, RECORD_OF, BOUND)}
PAST = (NEWER.get(one.name, one) for one in HISTORY)
FREES = (NEARLY_THE_SAME, FACE_ENDED, NEW_SINCE)
AGAINST = (KNEW_THE_MATTER, SPEAKS_AGAINST, NOT_ENTERED)
for function in (KIN, AUTHOR_OF_RECORD, OF_THE_SEARCH, COUNTS_AS, *PAST, *FREES, *AGAINST):
    of_an_app(function)


def kin_of(start: str) -> str:
    """SQL: the exhibits `start` selects (a condition on `k`) with their copies, near copies and what was made of one another."""
    return f"SELECT public.ecpd_kin(ARRAY(SELECT k.id FROM cases_evidence k WHERE {start}))"


def rejected(lead: str) -> str:
    """SQL: the exhibits that somebody rejected for a lead to this lead's face; they count under no other link (FR-24)."""
    return kin_of(
        "k.id IN (SELECT r.evidence_id FROM leads_corroboration r JOIN leads_corroborationverification w "
        "ON w.corroboration_id = r.id AND NOT w.verified "
        f"WHERE r.lead_id IN (SELECT public.ecpd_leads_of_the_face({lead})))"
    )


OF_SEARCH, NOT_COMPARED = "search", "not compared"


def counts_as(label: str, details: str, exhibit: str, lead: str) -> str:
    """SQL for the kind that a link counts as: what its exhibit is, that it is of the search, or not compared with it yet."""
    return f"""CASE
    WHEN {exhibit} IN (SELECT public.ecpd_of_the_search({lead})) THEN '{OF_SEARCH}'
    WHEN EXISTS (SELECT 1 FROM cases_evidence picture JOIN cases_storedfile its_file ON its_file.id = picture.file_id
                 WHERE picture.id = {exhibit} AND starts_with(its_file.media_type, 'image/') AND (
                     picture.phash IS NULL OR EXISTS (
                    SELECT 1 FROM leads_lead of_it JOIN leads_candidate its ON its.id = of_it.candidate_id
                    JOIN leads_searchrequest run ON run.id = its.search_id JOIN cases_evidence probe ON probe.id = run.probe_id
                    WHERE of_it.id = {lead} AND probe.phash IS NULL)))
        THEN '{NOT_COMPARED}'
    ELSE public.ecpd_counts_as({label}, {details}, {exhibit}) END"""
