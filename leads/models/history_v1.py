"""What came before for a face, in the database, first version. Do not edit: a migration refers to it; a change is a
version 2.

A rule follows the face and not the row (FR-24): whoever searches anew gets new rows, and the same face.
"""

from ecpd.audit.pinned import FunctionV1

# Of two templates. Half of the pixels, or a third, leaves nine of ten templates above it (docs/recognition.md): a picture
# saved anew, made smaller or a frame later is still that picture.
NEAR_COPY_COSINE = 0.93

# A matter (POLICY): the cases whose searches had the same probe, a copy, an edit or a near copy of it; followed through.
MATTER = FunctionV1(
    "ecpd_matter",
    "of_case bigint",
    "SETOF bigint",
    f"""
DECLARE found bigint[] := ARRAY[of_case]; newest bigint[] := ARRAY[of_case];
BEGIN
    LOOP
        newest := ARRAY(SELECT DISTINCT o.case_id FROM public.leads_searchrequest o WHERE o.case_id <> ALL (found) AND (
            o.probe_id IN (SELECT public.ecpd_kin(ARRAY(SELECT s.probe_id FROM public.leads_searchrequest s
                                                        WHERE s.case_id = ANY (newest))))
            OR o.state = 'done' AND EXISTS (SELECT 1 FROM public.leads_searchrequest s
                WHERE s.case_id = ANY (newest) AND s.state = 'done' AND s.model_id = o.model_id
                  AND -(s.probe_embedding <#> o.probe_embedding) >= {NEAR_COPY_COSINE})));
        EXIT WHEN newest = '{{}}';
        found := found || newest;
    END LOOP;
    RETURN QUERY SELECT unnest(found);
END""",
    language="plpgsql",
)
# Two faces of the gallery are of one person: the same face, two that the recognizer finds as similar as the manual says,
# or two photos of one subject with one face each. A photo of several people says of none who it is.
ONE_FACE = FunctionV1(
    "ecpd_one_face",
    "one bigint, other bigint",
    "boolean",
    """
SELECT one = other
    OR EXISTS (SELECT 1 FROM public.leads_facevector v JOIN public.leads_facevector w ON w.model_id = v.model_id
               WHERE v.face_id = one AND w.face_id = other
                 AND -(v.embedding <#> w.embedding) >= public.ecpd_parameter_number('same_face_cosine'))
    OR EXISTS (SELECT 1 FROM public.leads_galleryface f JOIN public.leads_galleryphoto p ON p.id = f.photo_id
               JOIN public.leads_galleryphoto q ON q.subject_id = p.subject_id
               JOIN public.leads_galleryface g ON g.photo_id = q.id AND g.model_id = f.model_id
               WHERE f.id = one AND g.id = other
                 AND (SELECT count(*) FROM public.leads_galleryface a WHERE a.photo_id = p.id AND a.model_id = f.model_id) = 1
                 AND (SELECT count(*) FROM public.leads_galleryface b WHERE b.photo_id = q.id AND b.model_id = g.model_id) = 1)
""",
)
# Two searches are for one face: of one picture, copy or edit at the same place or as similar as the manual says, or of
# near copies.
ONE_PROBE = FunctionV1(
    "ecpd_one_probe",
    "one bigint, other bigint",
    "boolean",
    f"""
SELECT one = other OR EXISTS (
    SELECT 1 FROM public.leads_searchrequest s JOIN public.leads_searchrequest o ON o.id = other
    CROSS JOIN LATERAL (SELECT CASE WHEN s.model_id = o.model_id THEN -(s.probe_embedding <#> o.probe_embedding) END) c(alike)
    WHERE s.id = one AND (c.alike >= {NEAR_COPY_COSINE} OR o.probe_id IN (SELECT public.ecpd_kin(ARRAY[s.probe_id])) AND (
        c.alike >= public.ecpd_parameter_number('same_face_cosine')
        OR public.ecpd_same_face(s.face -> 'box', o.face -> 'box'))))
""",
)
# The candidates of the matter that show the person whom this one shows, itself among them.
OF_THE_FACE = FunctionV1(
    "ecpd_candidates_of_the_face",
    "candidate bigint",
    "SETOF bigint",
    """
WITH mine AS (SELECT c.face_id, s.case_id FROM public.leads_candidate c
                  JOIN public.leads_searchrequest s ON s.id = c.search_id WHERE c.id = candidate),
     listed AS (SELECT c.id, c.face_id FROM mine CROSS JOIN LATERAL public.ecpd_matter(mine.case_id) m(id)
                    JOIN public.leads_searchrequest o ON o.case_id = m.id
                    JOIN public.leads_candidate c ON c.search_id = o.id),
     faces AS (SELECT DISTINCT l.face_id FROM listed l)
SELECT l.id FROM listed l WHERE l.face_id IN (
    SELECT f.face_id FROM faces f, mine WHERE public.ecpd_one_face(f.face_id, mine.face_id))
""",
)
# The leads of the matter to the face of this one, or whose person was merged with its person; itself among them.
LEADS_OF_THE_FACE = FunctionV1(
    "ecpd_leads_of_the_face",
    "lead bigint",
    "SETOF bigint",
    """
WITH RECURSIVE person(id) AS (
    SELECT l.person_id FROM public.leads_lead l WHERE l.id = lead
    UNION SELECT CASE m.keep_id WHEN person.id THEN m.duplicate_id ELSE m.keep_id END FROM public.cases_personmerge m
        JOIN person ON person.id IN (m.keep_id, m.duplicate_id) WHERE m.state = 'approved')
SELECT l.id FROM public.leads_lead l WHERE l.person_id IN (SELECT person.id FROM person)
    OR l.candidate_id IN (SELECT public.ecpd_candidates_of_the_face(mine.candidate_id)
                          FROM public.leads_lead mine WHERE mine.id = lead)
""",
)
# Searches of the matter, for somebody other than a suspect, for the face of this lead's probe or that found its face.
OTHER_PURPOSES = FunctionV1(
    "ecpd_other_purposes",
    "lead bigint",
    "SETOF bigint",
    """
SELECT o.id FROM public.leads_lead l JOIN public.leads_candidate mine ON mine.id = l.candidate_id
    CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
    JOIN public.leads_searchrequest o ON o.case_id = m.id AND o.purpose <> 'suspect'
    WHERE l.id = lead AND o.id <> mine.search_id
      AND (public.ecpd_one_probe(mine.search_id, o.id) OR EXISTS (
          SELECT 1 FROM public.leads_candidate c WHERE c.search_id = o.id AND c.match_score >= o.threshold
            AND public.ecpd_one_face(c.face_id, mine.face_id)))
""",
)
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
        WHEN 'examination', 'elsewhere' THEN RETURN QUERY SELECT s.case_id, x.recorded_at FROM public.leads_examination x
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
        WHEN 'replaced' THEN RETURN QUERY SELECT s.case_id, r.asked_at FROM public.leads_examinationrequest r
            JOIN public.leads_candidate c ON c.id = r.candidate_id
            JOIN public.leads_searchrequest s ON s.id = c.search_id WHERE r.id = wanted AND r.state = 'withdrawn';
        WHEN 'probe' THEN RETURN QUERY SELECT e.case_id, e.withdrawn_at FROM public.cases_evidence e
            WHERE e.id = wanted AND e.withdrawn_at IS NOT NULL;
        ELSE RETURN;
    END CASE;
END""",
    language="plpgsql",
)
# Whether a denial or a clearing of this face binds a lead (FR-13, FR-24): until a captain would see something that was not
# there, an exhibit that counts and was not linked before to a lead of this face, or an answer in other words, to what stood
# there, to what somebody else entered since, or the software from a younger record.
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
              AND (x.entered_at <= ended_at OR CASE WHEN x.entered_by_id IS NULL
                       THEN (SELECT max(r.came) FROM public.ecpd_record_of(x.origin) r) > ended_at
                       ELSE x.entered_by_id <> y.answered_by_id END)
              AND NOT EXISTS (SELECT 1 FROM public.leads_exculpatoryanswer z WHERE z.entry_id = x.id AND z.id < y.id
                  AND z.outcome = y.outcome AND regexp_replace(lower(z.text), '\W+', '', 'g') =
                                                regexp_replace(lower(y.text), '\W+', '', 'g')));
END""",
    language="plpgsql",
)
HISTORY = (MATTER, ONE_FACE, ONE_PROBE, OF_THE_FACE, LEADS_OF_THE_FACE, OTHER_PURPOSES, RECORD_OF, BOUND)
