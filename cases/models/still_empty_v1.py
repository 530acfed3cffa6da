"""Whether a case held nothing yet, in the database, first version. Do not edit: a migration refers to it; a change is a
version 2.
"""

from ecpd.audit.pinned import FunctionV1

# By a moment: no exhibit, and one tie to others at most, itself taken back or not. Who is searched for is on an exhibit.
STILL_EMPTY = FunctionV1(
    "ecpd_still_empty",
    "of_case bigint, moment timestamptz",
    "boolean",
    """
    SELECT NOT EXISTS (SELECT 1 FROM public.cases_evidence e WHERE e.case_id = of_case AND e.added_at <= moment)
        AND (SELECT count(*) FROM public.cases_incidentnumber n WHERE n.case_id = of_case AND n.entered_at <= moment)
          + (SELECT count(*) FROM public.cases_caselink l WHERE of_case IN (l.case_id, l.other_id)
                AND l.entered_at <= moment) <= 1""",
)
