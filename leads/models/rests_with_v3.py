"""What rests on the face with an exhibit, in the database, third version. Do not edit: a migration refers to it; a change is a
version 4.
"""

from ecpd.audit.pinned import FunctionV1

# What rests on the face with these exhibits: what was made of them, with copies of all of it; and what their words were taken
# from, of whatever kind, with what was made of that: it is one statement. A picture of a picture or of a recording is none: a
# scene is none the worse for what somebody saw on a crop of it.
RESTS_WITH = FunctionV1(
    "ecpd_rests_with",
    "exhibits bigint[]",
    "SETOF bigint",
    """
WITH RECURSIVE said AS (
    SELECT e.id, e.derived_from_id, e.kind FROM public.cases_evidence e
        WHERE e.id IN (SELECT public.ecpd_made_of(exhibits))
    UNION SELECT o.id, o.derived_from_id, o.kind FROM said JOIN public.cases_evidence o ON o.id = said.derived_from_id
        WHERE NOT (said.kind IN ('photo', 'still') AND o.kind IN ('photo', 'still', 'clip')))
SELECT public.ecpd_made_of(ARRAY(SELECT said.id FROM said))""",
)
