"""Whether an exhibit lay in the matter before, in the database, first version. Do not edit: a migration refers to it; a change is
a version 2.
"""

from ecpd.audit.pinned import FunctionV1

# Whether what this exhibit is lay in the matter by then (FR-13): the exhibit itself or a copy, what it was made of or was made of
# it; or, where it has no file, an exhibit of its kind without one, unless that one was linked by a number of its own, by which
# links are told apart: whoever enters the row of an object a second time brings nothing new.
LAY_THERE = FunctionV1(
    "ecpd_lay_there",
    "exhibit bigint, by timestamptz",
    "boolean",
    """
SELECT EXISTS (SELECT 1 FROM public.cases_evidence e JOIN public.cases_evidence o
    ON o.added_at <= by AND o.case_id IN (SELECT public.ecpd_matter(e.case_id))
    WHERE e.id = exhibit AND (o.id IN (SELECT public.ecpd_kin(ARRAY[exhibit]))
        OR e.file_id IS NULL AND o.file_id IS NULL AND o.kind = e.kind AND NOT EXISTS (
            SELECT 1 FROM public.leads_corroboration c WHERE c.evidence_id = o.id
              AND EXISTS (SELECT 1 FROM public.ecpd_numbers_of(c.details) its(number) WHERE its.number ~ '[0-9]'))))""",
)
