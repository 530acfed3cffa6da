"""Exhibits that are one and the same to a rule: copies of one file, and what was made of another (FR-10, FR-13)."""

from ecpd.audit.functions import of_an_app
from leads.models.against_v1 import NOT_ENTERED
from leads.models.against_v4 import AUTHOR_OF_RECORD, RECORD_OF, SPEAKS_AGAINST
from leads.models.bound_v3 import BOUND, FACE_ENDED, NEARLY_THE_SAME
from leads.models.bound_v6 import BOUND_FOR
from leads.models.bound_v7 import NEW_SINCE
from leads.models.counts_as_v5 import COUNTS_AS
from leads.models.history_v1 import HISTORY
from leads.models.kin_v2 import KIN
from leads.models.knew_v2 import KNEW_THE_MATTER
from leads.models.lay_there_v1 import LAY_THERE
from leads.models.leads_of_face_v2 import LEADS_OF_THE_FACE
from leads.models.lot_v1 import LOT
from leads.models.matter_v3 import MATTER
from leads.models.of_the_search_v2 import OF_THE_SEARCH
from leads.models.one_report_v1 import IN_ONE_SPELLING, NUMBERS
from leads.models.one_report_v2 import ONE_REPORT, ONE_WITNESS, READ_AS
from leads.models.rests_with_v3 import RESTS_WITH
from leads.models.standing_v1 import IS_A, MADE_OF
from leads.models.standing_v3 import STANDING

NEWER = {one.name: one for one in (MATTER, LEADS_OF_THE_FACE, RECORD_OF, BOUND)}
PAST = (NEWER.get(one.name, one) for one in HISTORY)
FREES = (NEARLY_THE_SAME, FACE_ENDED, NEW_SINCE, BOUND_FOR)
AGAINST = (KNEW_THE_MATTER, SPEAKS_AGAINST, NOT_ENTERED)
ONE_THING = (IN_ONE_SPELLING, NUMBERS, ONE_REPORT, READ_AS, ONE_WITNESS, LAY_THERE)
OF_EXHIBITS = (KIN, MADE_OF, RESTS_WITH, OF_THE_SEARCH, COUNTS_AS, IS_A, *ONE_THING, STANDING)
for function in (*OF_EXHIBITS, AUTHOR_OF_RECORD, *PAST, *FREES, *AGAINST, LOT):
    of_an_app(function)


def kin_of(start: str) -> str:
    """SQL: the exhibits `start` selects (a condition on `k`) with their copies, near copies and what was made of one another."""
    return f"SELECT public.ecpd_kin(ARRAY(SELECT k.id FROM cases_evidence k WHERE {start}))"


OF_SEARCH, NOT_COMPARED = "search", "not compared"


def counts_as(label: str, details: str, exhibit: str, lead: str) -> str:
    """SQL for the kind that a link counts as: what its exhibit is, that it is of the search, or not compared with it yet."""
    return f"public.ecpd_is_a({label}, {details}, {exhibit}, {lead})"
