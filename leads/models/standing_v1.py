"""Whether what is linked to a lead counts, in the database, first version. Do not edit: a migration refers to it; a change is
a version 2.

Two questions (FR-10). Because of: obtained after the result: told with both dates, and counts. Resting on the face: its
content depends on somebody having seen or been told the probe, the gallery's photo or the name, or it is a file of them or
comes from such an item: never counts.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.kin_v2 import near

# What was made of exhibits, and copies and near copies of all of it, themselves among them; not what they were made of.
MADE_OF = FunctionV1(
    "ecpd_made_of",
    "exhibits bigint[]",
    "SETOF bigint",
    f"""
WITH RECURSIVE made AS (
    SELECT k.id, k.file_id, k.phash FROM public.cases_evidence k WHERE k.id = ANY (exhibits)
    UNION SELECT k.id, k.file_id, k.phash FROM made CROSS JOIN LATERAL (
        SELECT * FROM public.cases_evidence a WHERE a.file_id = made.file_id
        UNION ALL SELECT * FROM public.cases_evidence b WHERE b.derived_from_id = made.id
        UNION ALL SELECT * FROM public.cases_evidence d WHERE {near("d", "made")}) k)
SELECT made.id FROM made""",
)
# The exhibits that are of the searches for a lead's face (FR-10): the probe of each search of the matter that listed the face
# at or above the bar, the photos of the gallery that it listed, the lead's own of both; with all their kin.
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
    UNION SELECT e.id FROM found JOIN public.cases_evidence e ON e.file_id = found.file_id
    UNION SELECT e.id FROM found JOIN public.cases_evidence e ON {near("e", "found")}))""",
)
# What an exhibit is to a lead, whatever its link is called: of its search, a picture that may be, or its kind.
KIND = """CASE
    WHEN {exhibit} IN ({searched}) THEN 'search'
    WHEN EXISTS (SELECT 1 FROM public.cases_evidence picture JOIN public.cases_storedfile its_file
                     ON its_file.id = picture.file_id
                 WHERE picture.id = {exhibit} AND starts_with(its_file.media_type, 'image/') AND (
                     picture.phash IS NULL OR EXISTS (
                    SELECT 1 FROM public.leads_lead of_it JOIN public.leads_candidate its ON its.id = of_it.candidate_id
                    JOIN public.leads_searchrequest run ON run.id = its.search_id
                    JOIN public.cases_evidence probe ON probe.id = run.probe_id
                    WHERE of_it.id = {lead} AND probe.phash IS NULL)))
        THEN 'not compared'
    ELSE public.ecpd_counts_as({label}, {details}, {exhibit}) END"""
IS_A = FunctionV1(
    "ecpd_is_a",
    "label text, details jsonb, exhibit bigint, lead bigint",
    "text",
    "SELECT "
    + KIND.format(
        exhibit="is_a.exhibit",
        lead="is_a.lead",
        label="is_a.label",
        details="is_a.details",
        searched="SELECT public.ecpd_of_the_search(is_a.lead)",
    )
    + " FROM (SELECT $1 AS label, $2 AS details, $3 AS exhibit, $4 AS lead) is_a",
)
OF_A_LINK = KIND.format(
    exhibit="e.id",
    lead="c.lead_id",
    label="c.kind",
    details="c.details",
    searched="SELECT searched.id FROM searched",
)
# Of each link of a lead: whether it counts, or why not. `gone_links` and `gone_exhibits` are taken as withdrawn, for who
# asks what would be left. What nobody has verified yet says nothing of the linker's answers: the verifier gives his own
# without seeing them. The stricter of the two holds, also for copies and what was made of it, under whatever link.
# The same exhibit with its copies, the same laboratory report and the same witness count once: first what is no line-up,
# then what was linked first.
STANDING = FunctionV1(
    "ecpd_standing",
    "lead bigint, gone_links bigint[], gone_exhibits bigint[]",
    "TABLE(item bigint, standing text, kind text, because boolean, by_dates boolean, secured text, result text)",
    f"""
WITH searched AS MATERIALIZED (SELECT s.id FROM public.ecpd_of_the_search(lead) s(id)),
    answered AS MATERIALIZED (
        SELECT c.evidence_id, v.verified, 'yes' IN (c.rests_on_face, v.rests_on_face) AS rests
            FROM public.ecpd_leads_of_the_face(lead) f(id) JOIN public.leads_corroboration c ON c.lead_id = f.id
            JOIN public.leads_corroborationverification v ON v.corroboration_id = c.id),
    rejected AS MATERIALIZED (SELECT k.id FROM public.ecpd_kin(ARRAY(
        SELECT a.evidence_id FROM answered a WHERE NOT a.verified)) k(id)),
    resting AS MATERIALIZED (SELECT m.id FROM public.ecpd_made_of(ARRAY(
        SELECT a.evidence_id FROM answered a WHERE a.rests)) m(id)),
    first AS MATERIALIZED (
        SELECT min(s.finished_at) AS came FROM public.leads_lead l
            CROSS JOIN LATERAL public.ecpd_candidates_of_the_face(l.candidate_id) f(id)
            JOIN public.leads_candidate c ON c.id = f.id
            JOIN public.leads_searchrequest s ON s.id = c.search_id AND s.state = 'done' WHERE l.id = lead),
    items AS (
        SELECT c.id, c.kind AS label, c.comes_from_lead, e.id AS exhibit, v.id AS checked,
            NULLIF(regexp_replace(lower(c.details ->> 'lab_number'), '[^a-z0-9]+', '', 'g'), '') AS report,
            NULLIF(regexp_replace(lower(c.details ->> 'witness'), '[[:space:][:punct:][:digit:]]+', '', 'g'), '') AS witness,
            c.withdrawn_at IS NOT NULL OR e.withdrawn_at IS NOT NULL OR c.id = ANY (gone_links)
                OR e.id = ANY (gone_exhibits) AS is_gone,
            'yes' IN (c.because_of, v.because_of) AS said_because,
            NULLIF(COALESCE(c.details ->> 'secured_on', c.details ->> 'found_date', c.details ->> 'statement_date',
                            c.details ->> 'process_date', c.details ->> 'lineup_date'), '') AS said,
            e.obtained_at, first.came, to_char(first.came AT TIME ZONE 'America/Los_Angeles', 'YYYY-MM-DD') AS result,
            {OF_A_LINK} AS is_a
            FROM public.leads_corroboration c JOIN public.cases_evidence e ON e.id = c.evidence_id
            LEFT JOIN public.leads_corroborationverification v ON v.corroboration_id = c.id CROSS JOIN first
            WHERE c.lead_id = lead),
    dated AS (
        SELECT i.*, COALESCE(i.said, to_char(i.obtained_at AT TIME ZONE 'America/Los_Angeles', 'YYYY-MM-DD')) AS secured,
            COALESCE(CASE WHEN i.said IS NULL THEN i.obtained_at >= i.came
                          ELSE i.said COLLATE "C" >= i.result COLLATE "C" END, false) AS by_dates FROM items i),
    each AS (SELECT d.*, CASE
        WHEN d.is_gone THEN 'withdrawn'
        WHEN d.exhibit IN (SELECT r.id FROM rejected r) THEN 'rejected'
        WHEN d.is_a IN ('search', 'not compared') THEN d.is_a
        WHEN d.is_a = 'phone' AND d.label <> 'phone' THEN 'no process'
        WHEN d.is_a = 'another kind' THEN d.is_a
        WHEN d.exhibit IN (SELECT r.id FROM resting r) THEN 'face'
        WHEN d.checked IS NULL THEN 'waits'
        WHEN d.comes_from_lead IN ('partly', 'yes') THEN 'face'
        WHEN d.is_a = 'lineup' THEN 'lineup'
        ELSE 'counts' END AS alone FROM dated d)
SELECT e.id, CASE WHEN e.alone IN ('counts', 'lineup') AND EXISTS (
            SELECT 1 FROM each o WHERE o.alone IN ('counts', 'lineup') AND (o.alone, o.id) < (e.alone, e.id)
                AND (o.report = e.report OR o.witness = e.witness OR o.exhibit IN (SELECT public.ecpd_kin(ARRAY[e.exhibit]))))
        THEN 'again' ELSE e.alone END,
    e.is_a, e.by_dates OR e.checked IS NOT NULL AND COALESCE(e.said_because, false), e.by_dates, e.secured,
    COALESCE(e.result, '')
FROM each e""",
)
