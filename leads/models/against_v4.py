"""What the records of the matter say against a lead, in the database, fourth version. Do not edit: a migration refers to it; a
change is a version 5.
"""

from ecpd.audit.pinned import FunctionV1

# From which record an entry of the register is that the software made: its case, and when it came.
RECORD_OF = FunctionV1(
    "ecpd_record_of",
    "origin text",
    "TABLE(of_case bigint, came timestamptz)",
    """
DECLARE which text := split_part(split_part(origin, ' ', 2), '.', 1); wanted bigint;
BEGIN
    IF which !~ '^[0-9]{1,18}$' THEN RETURN; END IF;
    wanted := which::bigint;
    CASE split_part(origin, ' ', 1)
        WHEN 'candidate' THEN RETURN QUERY SELECT s.case_id, s.finished_at FROM public.leads_candidate c
            JOIN public.leads_searchrequest s ON s.id = c.search_id WHERE c.id = wanted;
        WHEN 'search' THEN RETURN QUERY SELECT s.case_id, s.finished_at FROM public.leads_searchrequest s
            WHERE s.id = wanted;
        WHEN 'examination', 'elsewhere', 'blind' THEN RETURN QUERY SELECT s.case_id, x.recorded_at FROM public.leads_examination x
            JOIN public.leads_candidate c ON c.id = x.candidate_id
            JOIN public.leads_searchrequest s ON s.id = c.search_id WHERE x.id = wanted;
        WHEN 'lead' THEN RETURN QUERY SELECT l.case_id, l.cleared_at FROM public.leads_lead l
            WHERE l.id = wanted AND l.state = 'cleared';
        WHEN 'application' THEN RETURN QUERY SELECT l.case_id, a.decided_at FROM public.leads_warrantapplication a
            JOIN public.leads_lead l ON l.id = a.lead_id WHERE a.id = wanted AND a.state = 'denied';
        WHEN 'rejection' THEN RETURN QUERY SELECT l.case_id, v.at FROM public.leads_corroborationverification v
            JOIN public.leads_corroboration b ON b.id = v.corroboration_id
            JOIN public.leads_lead l ON l.id = b.lead_id WHERE v.id = wanted AND NOT v.verified;
        WHEN 'link' THEN RETURN QUERY SELECT l.case_id, b.withdrawn_at FROM public.leads_corroboration b
            JOIN public.leads_lead l ON l.id = b.lead_id WHERE b.id = wanted AND b.withdrawn_at IS NOT NULL;
        WHEN 'lineup' THEN RETURN QUERY SELECT l.case_id, b.linked_at FROM public.leads_corroboration b
            JOIN public.leads_lead l ON l.id = b.lead_id WHERE b.id = wanted
              AND b.details ->> 'outcome' IN ('A filler', 'Nobody', 'Unsure');
        WHEN 'replaced' THEN RETURN QUERY SELECT s.case_id, r.asked_at FROM public.leads_examinationrequest r
            JOIN public.leads_candidate c ON c.id = r.candidate_id
            JOIN public.leads_searchrequest s ON s.id = c.search_id WHERE r.id = wanted AND r.state = 'withdrawn';
        WHEN 'entry' THEN RETURN QUERY SELECT l.case_id, x.entered_at FROM public.leads_exculpatoryentry x
            JOIN public.leads_lead l ON l.id = x.lead_id WHERE x.id = wanted AND x.origin = '';
        WHEN 'probe' THEN RETURN QUERY SELECT e.case_id, e.withdrawn_at FROM public.cases_evidence e
            WHERE e.id = wanted AND e.withdrawn_at IS NOT NULL;
        ELSE RETURN;
    END CASE;
END""",
    language="plpgsql",
)
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
        WHEN 'blind' THEN (SELECT x.examiner_id FROM public.leads_examination x WHERE x.id = wanted)
        WHEN 'lead' THEN (SELECT l.cleared_by_id FROM public.leads_lead l WHERE l.id = wanted)
        WHEN 'application' THEN (SELECT max(d.captain_id) FROM public.leads_warrantdecision d
            WHERE d.application_id = wanted AND d.outcome = 'deny')
        WHEN 'rejection' THEN (SELECT v.verifier_id FROM public.leads_corroborationverification v WHERE v.id = wanted)
        WHEN 'link' THEN (SELECT b.withdrawn_by_id FROM public.leads_corroboration b WHERE b.id = wanted)
        WHEN 'lineup' THEN (SELECT b.linked_by_id FROM public.leads_corroboration b WHERE b.id = wanted)
        WHEN 'replaced' THEN (SELECT r.asked_by_id FROM public.leads_examinationrequest r WHERE r.id = wanted)
        WHEN 'entry' THEN (SELECT x.entered_by_id FROM public.leads_exculpatoryentry x WHERE x.id = wanted)
        WHEN 'probe' THEN (SELECT e.withdrawn_by_id FROM public.cases_evidence e WHERE e.id = wanted)
    END;
END""",
    language="plpgsql",
)
# The records from which the software makes entries of a lead's register (FR-18), with the kind of each entry: what
# `leads.selectors.past` puts into words. Which record is one is told by `ecpd_record_of`. What a person entered on any lead to
# the face, and what an examiner wrote of any candidate that shows it, is a record against each of them; not while a second
# examiner is asked there, who is blind.
SPEAKS_AGAINST = FunctionV1(
    "ecpd_speaks_against",
    "lead bigint",
    "TABLE(of_record text, of_kind text)",
    r"""
DECLARE mine bigint; its_search bigint; its_case bigint; faces bigint[]; told bigint[]; probes bigint[]; leads bigint[];
BEGIN
    SELECT l.candidate_id, c.search_id, l.case_id INTO mine, its_search, its_case
        FROM public.leads_lead l JOIN public.leads_candidate c ON c.id = l.candidate_id WHERE l.id = lead;
    faces := ARRAY(SELECT public.ecpd_candidates_of_the_face(mine));
    told := ARRAY(SELECT f.id FROM unnest(faces) f(id) WHERE f.id = mine OR NOT EXISTS (
        SELECT 1 FROM public.leads_examinationrequest r WHERE r.candidate_id = f.id AND r.state = 'open'));
    probes := ARRAY(SELECT o.id FROM public.ecpd_matter(its_case) m(id)
        JOIN public.leads_searchrequest o ON o.case_id = m.id WHERE public.ecpd_one_probe(its_search, o.id));
    leads := ARRAY(SELECT public.ecpd_leads_of_the_face(lead));
    RETURN QUERY
    SELECT 'examination ' || x.id, 'examiner_doubt' FROM public.leads_examination x WHERE x.candidate_id = ANY (told)
        AND lower(btrim(x.does_not_fit, E' \t\r\n')) NOT IN
            ('nothing', 'nothing.', 'none', 'none.', 'nothing known', 'nothing known.', 'nothing seen.')
    UNION SELECT 'examination ' || x.id || '.' || n.number, 'examiner_doubt' FROM public.leads_examination x
        CROSS JOIN LATERAL generate_series(0, (SELECT count(*)::int - 1 FROM jsonb_each(x.components) d
                                               WHERE d.value ->> 'value' = 'different')) n(number)
        WHERE x.candidate_id = ANY (told)
    UNION SELECT 'entry ' || x.id, 'before' FROM public.leads_exculpatoryentry x
        WHERE x.lead_id = ANY (leads) AND x.lead_id <> lead AND x.origin = ''
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
    UNION SELECT 'lineup ' || b.id, 'other' FROM public.leads_corroboration b
        WHERE b.lead_id = ANY (leads) AND b.details ->> 'outcome' IN ('A filler', 'Nobody', 'Unsure')
    UNION SELECT 'link ' || b.id, 'before' FROM public.leads_corroboration b
        WHERE b.lead_id = ANY (leads) AND b.withdrawn_at IS NOT NULL
    UNION SELECT 'probe ' || e.id, 'before' FROM public.cases_evidence e WHERE e.withdrawn_at IS NOT NULL AND e.id IN (
        SELECT s.probe_id FROM public.leads_searchrequest s JOIN public.leads_candidate c ON c.search_id = s.id
        WHERE c.id = ANY (faces))
    UNION SELECT 'blind ' || k.id, 'before' FROM unnest(faces) f(id)
        CROSS JOIN LATERAL public.ecpd_knew_the_matter(f.id) k(id)
    UNION SELECT 'replaced ' || r.id, 'before' FROM public.leads_examinationrequest r
        WHERE r.candidate_id = ANY (faces) AND r.state = 'withdrawn';
END""",
    language="plpgsql",
)
