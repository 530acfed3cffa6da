"""What frees a face after a denial or a clearing, in the database, second version. Do not edit: a migration refers to it; a
change is a version 3.
"""

from ecpd.audit.pinned import FunctionV1

# Who made the record that the software entered into the register: by his own record nobody frees a face.
AUTHOR_OF_RECORD = FunctionV1(
    "ecpd_author_of_record",
    "origin text",
    "bigint",
    """
DECLARE which text := split_part(split_part(origin, ' ', 2), '.', 1); wanted bigint;
BEGIN
    IF which !~ '^[0-9]{1,18}$' THEN RETURN NULL; END IF;
    wanted := which::bigint;
    RETURN CASE split_part(origin, ' ', 1)
        WHEN 'candidate' THEN (SELECT s.requested_by_id FROM public.leads_candidate c
            JOIN public.leads_searchrequest s ON s.id = c.search_id WHERE c.id = wanted)
        WHEN 'search' THEN (SELECT s.requested_by_id FROM public.leads_searchrequest s WHERE s.id = wanted)
        WHEN 'examination' THEN (SELECT x.examiner_id FROM public.leads_examination x WHERE x.id = wanted)
        WHEN 'elsewhere' THEN (SELECT x.examiner_id FROM public.leads_examination x WHERE x.id = wanted)
        WHEN 'lead' THEN (SELECT l.cleared_by_id FROM public.leads_lead l WHERE l.id = wanted)
        WHEN 'application' THEN (SELECT max(d.captain_id) FROM public.leads_warrantdecision d
            WHERE d.application_id = wanted AND d.outcome = 'deny')
        WHEN 'rejection' THEN (SELECT v.verifier_id FROM public.leads_corroborationverification v WHERE v.id = wanted)
        WHEN 'link' THEN (SELECT b.withdrawn_by_id FROM public.leads_corroboration b WHERE b.id = wanted)
        WHEN 'replaced' THEN (SELECT r.asked_by_id FROM public.leads_examinationrequest r WHERE r.id = wanted)
        WHEN 'probe' THEN (SELECT e.withdrawn_by_id FROM public.cases_evidence e WHERE e.id = wanted)
    END;
END""",
    language="plpgsql",
)
# Whether a denial or a clearing of this face binds a lead (FR-13, FR-24): until a captain would see something that was not
# there: an exhibit that counts and was not linked before to a lead of this face; an answer, in other words than before, by
# somebody who had not answered it then; or an answer to what came in since, from a record of somebody else.
BOUND = FunctionV1(
    "ecpd_bound",
    "lead bigint",
    "boolean",
    r"""
DECLARE of_the_face bigint[] := ARRAY(SELECT public.ecpd_leads_of_the_face(lead)); ended_at timestamptz;
BEGIN
    SELECT max(e.at) INTO ended_at FROM (
        SELECT a.decided_at AS at FROM public.leads_warrantapplication a
            WHERE a.lead_id = ANY (of_the_face) AND a.state = 'denied'
        UNION ALL SELECT l.cleared_at FROM public.leads_lead l WHERE l.id = ANY (of_the_face) AND l.state = 'cleared') e;
    IF ended_at IS NULL THEN RETURN false; END IF;
    RETURN NOT EXISTS (SELECT 1 FROM public.leads_corroborationverification v
            JOIN public.leads_corroboration c ON c.id = v.corroboration_id
            JOIN public.cases_evidence e ON e.id = c.evidence_id
            WHERE c.lead_id = lead AND v.at > ended_at AND v.verified AND c.comes_from_lead = 'no'
              AND c.withdrawn_at IS NULL AND e.withdrawn_at IS NULL
              AND e.id NOT IN (SELECT public.ecpd_kin(ARRAY(SELECT r.evidence_id FROM public.leads_corroboration r
                  JOIN public.leads_corroborationverification w ON w.corroboration_id = r.id AND NOT w.verified
                  WHERE r.lead_id = ANY (of_the_face))))
              AND e.id NOT IN (SELECT public.ecpd_kin(ARRAY(SELECT b.evidence_id FROM public.leads_corroboration b
                  WHERE b.lead_id = ANY (of_the_face) AND b.id <> c.id AND b.linked_at <= ended_at))))
        AND NOT EXISTS (SELECT 1 FROM public.leads_exculpatoryentry x
            JOIN public.leads_exculpatoryanswer y ON y.entry_id = x.id
            WHERE x.lead_id = lead AND y.answered_at > ended_at
              AND CASE WHEN x.entered_at <= ended_at
                  THEN NOT EXISTS (SELECT 1 FROM public.leads_exculpatoryanswer earlier WHERE earlier.entry_id = x.id
                                   AND earlier.answered_by_id = y.answered_by_id AND earlier.answered_at <= ended_at)
                      AND NOT EXISTS (SELECT 1 FROM public.leads_warrantapplication a WHERE a.lead_id = ANY (of_the_face)
                                      AND a.state = 'denied' AND a.applicant_id = y.answered_by_id)
                  WHEN x.entered_by_id IS NULL
                  THEN (SELECT max(r.came) FROM public.ecpd_record_of(x.origin) r) > ended_at
                      AND public.ecpd_author_of_record(x.origin) IS DISTINCT FROM y.answered_by_id
                  ELSE x.entered_by_id <> y.answered_by_id END
              AND NOT EXISTS (SELECT 1 FROM public.leads_exculpatoryanswer z WHERE z.entry_id = x.id AND z.id < y.id
                  AND z.outcome = y.outcome AND regexp_replace(lower(z.text), '\W+', '', 'g') =
                                                regexp_replace(lower(y.text), '\W+', '', 'g')));
END""",
    language="plpgsql",
)
