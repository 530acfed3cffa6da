"""Which leads are to one face, in the database, second version. Do not edit: a migration refers to it; a change is a
version 3.
"""

from ecpd.audit.pinned import FunctionV1

# The leads of the matter to the face of this one, or whose person was ever merged with its person; itself among them. Who
# undoes a merge sheds nothing of what happened.
LEADS_OF_THE_FACE = FunctionV1(
    "ecpd_leads_of_the_face",
    "lead bigint",
    "SETOF bigint",
    """
WITH RECURSIVE person(id) AS (
    SELECT l.person_id FROM public.leads_lead l WHERE l.id = lead
    UNION SELECT CASE m.keep_id WHEN person.id THEN m.duplicate_id ELSE m.keep_id END FROM public.cases_personmerge m
        JOIN person ON person.id IN (m.keep_id, m.duplicate_id) WHERE m.state IN ('approved', 'undone'))
SELECT l.id FROM public.leads_lead l WHERE l.person_id IN (SELECT person.id FROM person)
    OR l.candidate_id IN (SELECT public.ecpd_candidates_of_the_face(mine.candidate_id)
                          FROM public.leads_lead mine WHERE mine.id = lead)
""",
)
