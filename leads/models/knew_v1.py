"""Whether a second examiner was blind, as is known by now, in the database, first version. Do not edit: a migration refers to
it; a change is a version 2.
"""

from ecpd.audit.pinned import FunctionV1

# A permission of this person on this case that was taken away or moved since, by the digest of what its row said.
ONCE_NAMED = """EXISTS (SELECT 1 FROM public.audit_auditevent v CROSS JOIN public.auth_permission p
        JOIN public.django_content_type t ON t.id = p.content_type_id AND t.app_label = 'cases' AND t.model = 'case'
        WHERE v.table_name = 'guardian_userobjectpermission' AND v.at < x.recorded_at
          AND v.row_id IN (SELECT w.row_id FROM public.audit_auditevent w
                           WHERE w.table_name = 'guardian_userobjectpermission' AND w.operation IN ('D', 'U'))
          AND v.digest = encode(sha256(convert_to(jsonb_build_object('id', v.row_id::bigint, 'user_id', x.examiner_id,
              'object_pk', k.id::text, 'content_type_id', t.id, 'permission_id', p.id)::text, 'UTF8')), 'hex'))"""
# A permission that is there and was when the examination was recorded.
NAMED = """EXISTS (SELECT 1 FROM public.guardian_userobjectpermission g
        JOIN public.django_content_type t ON t.id = g.content_type_id AND t.app_label = 'cases' AND t.model = 'case'
        WHERE g.object_pk = k.id::text AND g.user_id = x.examiner_id AND NOT EXISTS (
            SELECT 1 FROM public.audit_auditevent v WHERE v.table_name = 'guardian_userobjectpermission'
              AND v.row_id = g.id::text AND v.operation = 'I' AND v.at >= x.recorded_at))"""
# The second examinations of a candidate whose examiner, as he recorded, knew another case of what is one matter by now, or
# had compared this very face under another search (FR-08): cases may be tied afterward, and were one matter all the same.
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
