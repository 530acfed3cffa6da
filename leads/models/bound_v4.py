"""What is new since a denial or a clearing, in the database, second version of it. Do not edit: a migration refers to it; a
change is a version 5.
"""

from ecpd.audit.pinned import FunctionV1

# What is new since then and frees a lead to this face (FR-13, FR-24). Either a link made since, of an exhibit that counts and
# was linked to no lead of this face, verified by somebody who did not apply for what was denied. Or an answer given since to
# what stood in the register of this lead, by somebody who neither applied for what was denied, nor cleared, nor made the
# record that is answered, nor had answered it: that explains it, in words of which at least half are in no one earlier
# answer. What came into the register since speaks against the person: it frees nothing, whoever answers it.
NEW_SINCE = FunctionV1(
    "ecpd_new_since",
    "lead bigint",
    "TABLE(is_a text, key bigint)",
    r"""
DECLARE of_the_face bigint[]; ended_at timestamptz := public.ecpd_face_ended(lead); ended_by bigint[];
BEGIN
    IF ended_at IS NULL THEN RETURN; END IF;
    of_the_face := ARRAY(SELECT public.ecpd_leads_of_the_face(lead));
    ended_by := ARRAY(SELECT a.applicant_id FROM public.leads_warrantapplication a
        WHERE a.lead_id = ANY (of_the_face) AND a.state = 'denied');
    RETURN QUERY SELECT 'link', c.id FROM public.leads_corroborationverification v
        JOIN public.leads_corroboration c ON c.id = v.corroboration_id
        JOIN public.cases_evidence e ON e.id = c.evidence_id
        WHERE c.lead_id = lead AND c.linked_at > ended_at AND v.at > ended_at AND v.verified
          AND v.verifier_id <> ALL (ended_by)
          AND c.id IN (SELECT s.item FROM public.ecpd_standing(lead, '{}', '{}') s WHERE s.standing IN ('counts', 'lineup'))
          AND e.id NOT IN (SELECT public.ecpd_kin(ARRAY(SELECT b.evidence_id FROM public.leads_corroboration b
              WHERE b.lead_id = ANY (of_the_face) AND b.linked_at <= ended_at)));
    ended_by := ended_by || ARRAY(SELECT l.cleared_by_id FROM public.leads_lead l
        WHERE l.id = ANY (of_the_face) AND l.state = 'cleared');
    RETURN QUERY SELECT 'answer', y.id FROM public.leads_exculpatoryentry x
        JOIN public.leads_exculpatoryanswer y ON y.entry_id = x.id
        WHERE x.lead_id = lead AND x.entered_at <= ended_at AND y.answered_at > ended_at AND y.outcome = 'explained'
          AND y.answered_by_id <> ALL (ended_by)
          AND x.entered_by_id IS DISTINCT FROM y.answered_by_id
          AND public.ecpd_author_of_record(x.origin) IS DISTINCT FROM y.answered_by_id
          AND NOT EXISTS (SELECT 1 FROM public.leads_exculpatoryentry o
              JOIN public.leads_exculpatoryanswer z ON z.entry_id = o.id
              WHERE o.lead_id = ANY (of_the_face) AND z.id < y.id
                AND (public.ecpd_nearly_the_same(y.text, z.text)
                     OR z.answered_by_id = y.answered_by_id AND z.answered_at <= ended_at
                        AND (o.id = x.id OR o.origin <> '' AND o.origin = x.origin
                             OR public.ecpd_nearly_the_same(o.what, x.what))));
END""",
    language="plpgsql",
)
