"""Which exhibits are of the search for a lead's face, and what rests on the face with another, in the database, second version.
Do not edit: a migration refers to it; a change is a version 3.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.kin_v2 import near

# The exhibits that are of the searches (FR-10): the probe of every search of the matter, whatever it found, the photos of the
# gallery that it listed at or above the bar for this face, the lead's own of both; with all their kin.
OF_THE_SEARCH = FunctionV1(
    "ecpd_of_the_search",
    "lead bigint",
    "SETOF bigint",
    f"""
WITH found AS (
    SELECT s.probe_id, p.file_id, p.phash FROM public.leads_lead l
        CROSS JOIN LATERAL public.ecpd_candidates_of_the_face(l.candidate_id) of_it(id)
        JOIN public.leads_candidate c ON c.id = of_it.id
        JOIN public.leads_searchrequest s ON s.id = c.search_id JOIN public.leads_galleryface f ON f.id = c.face_id
        JOIN public.leads_galleryphoto p ON p.id = f.photo_id
        WHERE l.id = lead AND (c.id = l.candidate_id OR c.match_score >= s.threshold))
SELECT public.ecpd_kin(ARRAY(
    SELECT found.probe_id FROM found
    UNION SELECT s.probe_id FROM public.leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
        JOIN public.leads_searchrequest s ON s.case_id = m.id WHERE l.id = lead
    UNION SELECT e.id FROM found JOIN public.cases_evidence e ON e.file_id = found.file_id
    UNION SELECT e.id FROM found JOIN public.cases_evidence e ON {near("e", "found")}))""",
)
# What rests on the face with these exhibits: what was made of them, with copies of all of it; and where one of them is the
# words of somebody, written or recorded, what those words were taken from, with what was made of that: it is one statement.
_WORDS = "('interview', 'document', 'audio', 'clip', 'other')"
RESTS_WITH = FunctionV1(
    "ecpd_rests_with",
    "exhibits bigint[]",
    "SETOF bigint",
    f"""
WITH RECURSIVE said AS (
    SELECT e.id, e.derived_from_id, e.kind FROM public.cases_evidence e
        WHERE e.id IN (SELECT public.ecpd_made_of(exhibits))
    UNION SELECT o.id, o.derived_from_id, o.kind FROM said JOIN public.cases_evidence o ON o.id = said.derived_from_id
        WHERE said.kind IN {_WORDS} AND o.kind IN {_WORDS})
SELECT public.ecpd_made_of(ARRAY(SELECT said.id FROM said))""",
)
