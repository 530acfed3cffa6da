"""Among whom the second examiner of a candidate is drawn, in the database, first version. Do not edit: a migration refers
to it; a change is a version 2.
"""

from ecpd.audit.pinned import FunctionV1

# A permission of this person on this case that was taken away or moved since, by the digest of what its row said.
ONCE_NAMED = """EXISTS (SELECT 1 FROM public.audit_auditevent v CROSS JOIN public.auth_permission p
        JOIN public.django_content_type t ON t.id = p.content_type_id AND t.app_label = 'cases' AND t.model = 'case'
        WHERE v.table_name = 'guardian_userobjectpermission'
          AND v.row_id IN (SELECT w.row_id FROM public.audit_auditevent w
                           WHERE w.table_name = 'guardian_userobjectpermission' AND w.operation IN ('D', 'U'))
          AND v.digest = encode(sha256(convert_to(jsonb_build_object('id', v.row_id::bigint, 'user_id', u.id,
              'object_pk', m.id::text, 'content_type_id', t.id, 'permission_id', p.id)::text, 'UTF8')), 'hex'))"""

# Certified investigators who know nothing of the matter (FR-08): as `leads.models.not_blind` asks it of one person, and
# without those who were replaced for this candidate or said that they know something of the matter.
LOT = FunctionV1(
    "ecpd_lot",
    "of_candidate bigint",
    "SETOF bigint",
    f"""
DECLARE matter bigint[]; the_face bigint[];
BEGIN
    matter := ARRAY(SELECT m.id FROM public.leads_candidate c JOIN public.leads_searchrequest s ON s.id = c.search_id
                    CROSS JOIN LATERAL public.ecpd_matter(s.case_id) m(id) WHERE c.id = of_candidate);
    the_face := ARRAY(SELECT public.ecpd_candidates_of_the_face(of_candidate));
    RETURN QUERY SELECT u.id::bigint FROM public.accounts_user u
    WHERE u.is_active AND public.ecpd_has_role(u.id, 'investigator')
      AND public.ecpd_has_certificate(u.id, 'facial_recognition')
      AND NOT EXISTS (SELECT 1 FROM public.leads_searchrequest s WHERE s.case_id = ANY (matter) AND s.requested_by_id = u.id)
      AND NOT EXISTS (SELECT 1 FROM public.leads_examination x WHERE x.examiner_id = u.id
                      AND (x.candidate_id = of_candidate OR x.candidate_id = ANY (the_face)))
      AND NOT EXISTS (SELECT 1 FROM public.leads_examinationrequest q WHERE q.candidate_id = ANY (the_face)
          AND q.candidate_id <> of_candidate AND q.examiner_id = u.id AND (q.state = 'open' OR EXISTS (
              SELECT 1 FROM public.audit_conduct o WHERE o.actor_id = u.id AND o.action = 'examination.opened'
                AND o.subject_type = 'leads.examinationrequest' AND o.subject_id = q.id::text)))
      AND NOT EXISTS (SELECT 1 FROM public.leads_examinationrequest q JOIN public.leads_candidate c ON c.id = q.candidate_id
          JOIN public.leads_searchrequest s ON s.id = c.search_id WHERE q.examiner_id = u.id AND (
              q.candidate_id = of_candidate AND (q.replaced_because <> '' OR q.state <> 'withdrawn')
              OR q.replaced_because = 'knows' AND s.case_id = ANY (matter)))
      AND NOT EXISTS (SELECT 1 FROM public.cases_caseassignment a WHERE a.user_id = u.id AND a.case_id = ANY (matter))
      AND NOT EXISTS (SELECT 1 FROM unnest(matter) m(id) WHERE EXISTS (
              SELECT 1 FROM public.guardian_userobjectpermission g JOIN public.django_content_type t
                  ON t.id = g.content_type_id WHERE t.app_label = 'cases' AND t.model = 'case'
                  AND g.object_pk = m.id::text AND g.user_id = u.id)
          OR {ONCE_NAMED})
      AND NOT EXISTS (SELECT 1 FROM public.cases_case k WHERE k.id = ANY (matter) AND (k.opened_by_id = u.id
          OR EXISTS (SELECT 1 FROM public.cases_evidence e WHERE e.case_id = k.id AND e.added_by_id = u.id)
          OR EXISTS (SELECT 1 FROM public.policy_decision d WHERE d.actor_id = u.id AND d.outcome = 'allowed'
                     AND d.case_number = k.case_number AND NOT starts_with(d.action, 'review.'))));
END""",
    language="plpgsql",
)
