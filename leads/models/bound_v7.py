"""What is new since a denial or a clearing, in the database, seventh version of it. Do not edit: a migration refers to it; a
change is a version 8.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.bound_v6 import _PREPARED, _PRESSED

# What is new since then and frees a lead to this face (FR-13, FR-24). Either a link made since, of an exhibit that came to the
# matter since and is no row entered again (`ecpd_lay_there`), that counts and is no line-up, and was linked to no lead of this
# face until then by whatever exhibit: not its file, not its report, object or record, not its witness; verified by somebody who
# marked no lead to the face and applied for none. Or an answer given since to what stood in the register of this lead, by
# somebody who had no such part (`PREPARED`), nor marked or applied, nor made the record that is answered, nor had answered it,
# on whichever lead to the face: that explains it, in words of which at least half are in no one earlier answer. What came into
# the register since speaks against the person: it frees nothing, whoever answers it.
NEW_SINCE = FunctionV1(
    "ecpd_new_since",
    "lead bigint",
    "TABLE(is_a text, key bigint)",
    rf"""
DECLARE of_the_face bigint[]; showing_it bigint[]; ended_at timestamptz := public.ecpd_face_ended(lead); wants_it bigint[];
BEGIN
    IF ended_at IS NULL THEN RETURN; END IF;
    of_the_face := ARRAY(SELECT public.ecpd_leads_of_the_face(lead));
    wants_it := ARRAY({_PRESSED});
    RETURN QUERY SELECT 'link', c.id FROM public.leads_corroborationverification v
        JOIN public.leads_corroboration c ON c.id = v.corroboration_id
        JOIN public.cases_evidence e ON e.id = c.evidence_id
        WHERE c.lead_id = lead AND c.linked_at > ended_at AND v.at > ended_at AND v.verified
          AND v.verifier_id <> ALL (wants_it)
          AND c.id IN (SELECT s.item FROM public.ecpd_standing(lead, '{{}}', '{{}}') s WHERE s.standing = 'counts')
          AND NOT public.ecpd_lay_there(e.id, ended_at)
          AND e.id NOT IN (SELECT public.ecpd_kin(ARRAY(SELECT b.evidence_id FROM public.leads_corroboration b
              WHERE b.lead_id = ANY (of_the_face) AND b.linked_at <= ended_at)))
          AND NOT EXISTS (SELECT 1 FROM public.leads_corroboration b
              WHERE b.lead_id = ANY (of_the_face) AND b.linked_at <= ended_at
                AND (public.ecpd_one_report(b.details, c.details)
                     OR public.ecpd_one_witness(b.details ->> 'witness', c.details ->> 'witness')));
    showing_it := ARRAY(SELECT DISTINCT c.id FROM public.leads_lead l
        CROSS JOIN LATERAL public.ecpd_candidates_of_the_face(l.candidate_id) c(id) WHERE l.id = ANY (of_the_face));
    wants_it := wants_it || ARRAY({_PREPARED});
    RETURN QUERY SELECT 'answer', y.id FROM public.leads_exculpatoryentry x
        JOIN public.leads_exculpatoryanswer y ON y.entry_id = x.id
        WHERE x.lead_id = lead AND x.entered_at <= ended_at AND y.answered_at > ended_at AND y.outcome = 'explained'
          AND y.answered_by_id <> ALL (wants_it)
          AND x.entered_by_id IS DISTINCT FROM y.answered_by_id
          AND public.ecpd_author_of_record(x.origin) IS DISTINCT FROM y.answered_by_id
          AND NOT EXISTS (SELECT 1 FROM public.leads_exculpatoryentry o
              JOIN public.leads_exculpatoryanswer z ON z.entry_id = o.id
              WHERE o.lead_id = ANY (of_the_face) AND z.id < y.id
                AND (public.ecpd_nearly_the_same(y.text, z.text)
                     OR z.answered_by_id = y.answered_by_id AND z.answered_at <= ended_at
                        AND (o.id = x.id OR o.origin <> '' AND o.origin = x.origin
                             OR o.origin = 'entry ' || x.id OR x.origin = 'entry ' || o.id
                             OR public.ecpd_nearly_the_same(o.what, x.what))));
END""",
    language="plpgsql",
)
