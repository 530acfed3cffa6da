"""What the records of the matter say against a lead, in the database, first version. Do not edit: a migration refers to it; a
change is a version 2.
"""

from ecpd.audit.pinned import FunctionV1

# The records from which the software makes entries of a lead's register (FR-18), with the kind of each entry: what
# `leads.selectors.past` puts into words. Which record is one is told by `ecpd_record_of`.
SPEAKS_AGAINST = FunctionV1(
    "ecpd_speaks_against",
    "lead bigint",
    "TABLE(of_record text, of_kind text)",
    r"""
DECLARE mine bigint; its_search bigint; its_case bigint; faces bigint[]; probes bigint[]; leads bigint[];
BEGIN
    SELECT l.candidate_id, c.search_id, l.case_id INTO mine, its_search, its_case
        FROM public.leads_lead l JOIN public.leads_candidate c ON c.id = l.candidate_id WHERE l.id = lead;
    faces := ARRAY(SELECT public.ecpd_candidates_of_the_face(mine));
    probes := ARRAY(SELECT o.id FROM public.ecpd_matter(its_case) m(id)
        JOIN public.leads_searchrequest o ON o.case_id = m.id WHERE public.ecpd_one_probe(its_search, o.id));
    leads := ARRAY(SELECT public.ecpd_leads_of_the_face(lead));
    RETURN QUERY
    SELECT 'examination ' || x.id, 'examiner_doubt' FROM public.leads_examination x WHERE x.candidate_id = mine
        AND lower(btrim(x.does_not_fit, E' \t\r\n')) NOT IN
            ('nothing', 'nothing.', 'none', 'none.', 'nothing known', 'nothing known.', 'nothing seen.')
    UNION SELECT 'examination ' || x.id || '.' || n.number, 'examiner_doubt' FROM public.leads_examination x
        CROSS JOIN LATERAL generate_series(0, (SELECT count(*)::int - 1 FROM jsonb_each(x.components) d
                                               WHERE d.value ->> 'value' = 'different')) n(number)
        WHERE x.candidate_id = mine
    UNION SELECT 'elsewhere ' || x.id, CASE WHEN x.candidate_id = ANY (faces) THEN 'examiner_doubt' ELSE 'other_candidate' END
        FROM public.leads_examination x JOIN public.leads_candidate c ON c.id = x.candidate_id
        WHERE c.id <> mine AND (c.id = ANY (faces) OR c.search_id = ANY (probes))
          AND (c.id = ANY (faces)) <> (x.conclusion = 'possible_match')
    UNION SELECT 'candidate ' || c.id, 'other_candidate' FROM public.leads_candidate c
        JOIN public.leads_searchrequest s ON s.id = c.search_id
        WHERE c.search_id = ANY (probes) AND c.match_score >= s.threshold AND c.id <> ALL (faces)
    UNION SELECT 'search ' || s.id, 'failed_search' FROM public.leads_searchrequest s
        WHERE s.id = ANY (probes) AND s.state IN ('done', 'failed')
          AND NOT EXISTS (SELECT 1 FROM public.leads_candidate c WHERE c.search_id = s.id AND c.id = ANY (faces))
    UNION SELECT 'search ' || p.id, 'before' FROM public.ecpd_other_purposes(lead) p(id)
    UNION SELECT 'lead ' || l.id, 'before' FROM public.leads_lead l
        WHERE l.id = ANY (leads) AND l.id <> lead AND l.state = 'cleared'
    UNION SELECT 'application ' || a.id, 'before' FROM public.leads_warrantapplication a
        WHERE a.lead_id = ANY (leads) AND a.lead_id <> lead AND a.state = 'denied'
    UNION SELECT 'rejection ' || v.id, 'before' FROM public.leads_corroborationverification v
        JOIN public.leads_corroboration b ON b.id = v.corroboration_id WHERE b.lead_id = ANY (leads) AND NOT v.verified
    UNION SELECT 'link ' || b.id, 'before' FROM public.leads_corroboration b
        WHERE b.lead_id = ANY (leads) AND b.withdrawn_at IS NOT NULL
    UNION SELECT 'probe ' || e.id, 'before' FROM public.cases_evidence e WHERE e.withdrawn_at IS NOT NULL AND e.id IN (
        SELECT s.probe_id FROM public.leads_searchrequest s JOIN public.leads_candidate c ON c.search_id = s.id
        WHERE c.id = ANY (faces))
    UNION SELECT 'replaced ' || r.id, 'before' FROM public.leads_examinationrequest r
        WHERE r.candidate_id = ANY (faces) AND r.state = 'withdrawn';
END""",
    language="plpgsql",
)
# The same without what the register of the lead has.
NOT_ENTERED = FunctionV1(
    "ecpd_not_entered",
    "lead bigint",
    "TABLE(of_record text, of_kind text)",
    """
SELECT s.of_record, s.of_kind FROM public.ecpd_speaks_against(lead) s WHERE NOT EXISTS (
    SELECT 1 FROM public.leads_exculpatoryentry x
    WHERE x.lead_id = lead AND x.origin = s.of_record AND x.kind = s.of_kind AND x.entered_by_id IS NULL)""",
)
