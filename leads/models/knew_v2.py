"""Whether a second examiner was blind, as is known by now, in the database, second version. Do not edit: a migration refers to
it; a change is a version 3.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.knew_v1 import NAMED, ONCE_NAMED

# This face under another search: asked about and opened before, or asked about before and still open.
SHOWN = """EXISTS (SELECT 1 FROM public.leads_examinationrequest q WHERE q.examiner_id = x.examiner_id
        AND q.candidate_id <> candidate AND q.asked_at < x.recorded_at
        AND q.candidate_id IN (SELECT public.ecpd_candidates_of_the_face(candidate))
        AND (q.state = 'open' OR EXISTS (SELECT 1 FROM public.audit_conduct o JOIN public.audit_auditevent v
                 ON v.table_name = 'audit_conduct' AND v.row_id = o.id::text AND v.operation = 'I'
             WHERE o.actor_id = q.examiner_id AND o.action = 'examination.opened' AND v.at < x.recorded_at
               AND o.subject_type = 'leads.examinationrequest' AND o.subject_id = q.id::text)))"""
# The second examinations of a candidate whose examiner, as he recorded, knew another case of what is one matter by now, or
# had compared or been shown this very face under another search (FR-08): cases may be tied afterward, and were one matter all
# the same.
KNEW_THE_MATTER = FunctionV1(
    "ecpd_knew_the_matter",
    "candidate bigint",
    "SETOF bigint",
    f"""
SELECT x.id FROM public.leads_examination x JOIN public.leads_candidate c ON c.id = x.candidate_id
    JOIN public.leads_searchrequest s ON s.id = c.search_id
    WHERE c.id = candidate AND x.position = 2 AND (
        EXISTS (SELECT 1 FROM public.leads_examination o WHERE o.examiner_id = x.examiner_id AND o.recorded_at < x.recorded_at
                AND o.candidate_id <> candidate
                AND o.candidate_id IN (SELECT public.ecpd_candidates_of_the_face(candidate)))
        OR {SHOWN}
        OR EXISTS (SELECT 1 FROM public.ecpd_matter(s.case_id) m(id) JOIN public.cases_case k ON k.id = m.id
            WHERE k.id <> s.case_id AND (
                k.opened_by_id = x.examiner_id AND k.opened_at < x.recorded_at
                OR EXISTS (SELECT 1 FROM public.leads_searchrequest q WHERE q.case_id = k.id
                           AND q.requested_by_id = x.examiner_id AND q.requested_at < x.recorded_at)
                OR EXISTS (SELECT 1 FROM public.cases_caseassignment a WHERE a.case_id = k.id
                           AND a.user_id = x.examiner_id AND a.assigned_at < x.recorded_at)
                OR EXISTS (SELECT 1 FROM public.cases_evidence e WHERE e.case_id = k.id
                           AND e.added_by_id = x.examiner_id AND e.added_at < x.recorded_at)
                OR EXISTS (SELECT 1 FROM public.policy_decision d WHERE d.actor_id = x.examiner_id
                           AND d.case_number = k.case_number AND d.outcome = 'allowed'
                           AND NOT starts_with(d.action, 'review.') AND d.at < x.recorded_at)
                OR {NAMED}
                OR {ONCE_NAMED})))
""",
)
