"""Whether what is linked to a lead counts, in the database, third version. Do not edit: a migration refers to it; a change is
a version 4. What an exhibit is (`ecpd_is_a`) and what was made of it are those of the first.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.one_report_v1 import REFERENCED
from leads.models.standing_v1 import OF_A_LINK

PICKED = "The suspect"  # as leads.corroboration has it
# One statement of one witness: of one day, or of a day that is not said.
DAY = "COALESCE({0} ->> 'statement_date', {0} ->> 'lineup_date', '')"
SAME_DAY = f"({DAY.format('a.details')} IN ('', {DAY.format('d.details')}) OR {DAY.format('d.details')} = '')"
# Once a witness saw or was told it, what that witness says from that day on rests on it.
FROM_THEN_ON = (
    f"({DAY.format('d.details')} = '' "
    f'OR {DAY.format("d.details")} COLLATE pg_catalog."C" >= {DAY.format("a.details")} COLLATE pg_catalog."C")'
)
OF_ONE = """(public.ecpd_one_report(a.details, d.details)
        OR public.ecpd_one_witness(a.details ->> 'witness', d.details ->> 'witness') AND {when})"""
# The day of an item is that of its kind, and what its kind is about is filled in.
DAY_OF = """CASE c.kind WHEN 'physical' THEN 'found_date' WHEN 'witness' THEN 'statement_date' WHEN 'phone' THEN 'process_date'
                WHEN 'lineup' THEN 'lineup_date' ELSE 'secured_on' END"""
FILLED = """public.ecpd_says_something(COALESCE(c.details ->> CASE c.kind WHEN 'physical' THEN 'found_at'
                WHEN 'whereabouts' THEN 'record' WHEN 'phone' THEN 'process_number' WHEN 'dna' THEN 'lab_number'
                WHEN 'fingerprint' THEN 'lab_number' ELSE 'witness' END, ''))"""
# Of each link of a lead: whether it counts, or why not. `gone_links` and `gone_exhibits` are taken as withdrawn, for who
# asks what would be left. What nobody has verified yet says nothing of its linker's answers: the verifier gives his own
# without seeing them. Of what is verified the strictest answer holds that anybody gave who linked or verified it for a lead
# to this face: also on a link that nobody verified or that was taken back, and on copies, what was made of it, the same
# report, and the same witness from that day on, under whatever exhibit. So does a rejection.
# The same exhibit with its copies, the same report, object, record and witness count once: first what is no line-up, then what
# was linked first. What has neither a file nor a custodian's number, or does not say what its kind is about, counts for
# nothing, nor does a line-up in which the witness did not pick this person.
# What one linker said and nobody verified says nothing against what two others have linked and verified since, by number or name
# alone; nor what a linker said and who verified it did not. Of that exhibit itself, its copies and what was made of it, it holds.
STANDING = FunctionV1(
    "ecpd_standing",
    "lead bigint, gone_links bigint[], gone_exhibits bigint[]",
    "TABLE(item bigint, standing text, kind text, because boolean, by_dates boolean, secured text, result text)",
    f"""
WITH searched AS MATERIALIZED (SELECT s.id FROM public.ecpd_of_the_search(lead) s(id)),
    answered AS MATERIALIZED (
        SELECT c.evidence_id, c.details || jsonb_build_object('exhibit_title', x.title) AS details, v.id IS NOT NULL AS is_open,
            COALESCE(NOT v.verified, false) AS rejects, 'yes' IN (c.rests_on_face, v.rests_on_face) AS rests,
            v.rests_on_face IS DISTINCT FROM 'no' AS is_not_set_aside, c.linked_by_id, c.linked_at
            FROM public.ecpd_leads_of_the_face(lead) f(id) JOIN public.leads_corroboration c ON c.lead_id = f.id
            JOIN public.cases_evidence x ON x.id = c.evidence_id
            LEFT JOIN public.leads_corroborationverification v ON v.corroboration_id = c.id),
    rejected AS MATERIALIZED (SELECT k.id FROM public.ecpd_kin(ARRAY(
        SELECT a.evidence_id FROM answered a WHERE a.rejects)) k(id)),
    resting AS MATERIALIZED (SELECT m.id FROM public.ecpd_rests_with(ARRAY(
        SELECT a.evidence_id FROM answered a WHERE a.rests AND a.is_open)) m(id)),
    resting_closed AS MATERIALIZED (SELECT m.id FROM public.ecpd_rests_with(ARRAY(
        SELECT a.evidence_id FROM answered a WHERE a.rests AND NOT a.is_open)) m(id)),
    first AS MATERIALIZED (
        SELECT min(s.finished_at) AS came FROM public.leads_lead l
            CROSS JOIN LATERAL public.ecpd_candidates_of_the_face(l.candidate_id) f(id)
            JOIN public.leads_candidate c ON c.id = f.id
            JOIN public.leads_searchrequest s ON s.id = c.search_id AND s.state = 'done' WHERE l.id = lead),
    items AS (
        SELECT c.id, c.kind AS label, c.details || jsonb_build_object('exhibit_title', e.title) AS details, c.comes_from_lead,
            c.linked_by_id, c.linked_at, v.verifier_id, e.id AS exhibit, v.id AS checked,
            {FILLED} AND (e.file_id IS NOT NULL OR {REFERENCED.format("c.details")})
                AND (c.kind NOT IN ('dna', 'fingerprint', 'phone')
                     OR EXISTS (SELECT 1 FROM public.ecpd_numbers_of(c.details))) AS is_kept,
            c.withdrawn_at IS NOT NULL OR e.withdrawn_at IS NOT NULL OR c.id = ANY (gone_links)
                OR e.id = ANY (gone_exhibits) AS is_gone,
            'yes' IN (c.because_of, v.because_of) AS said_because,
            NULLIF(c.details ->> {DAY_OF}, '') AS said,
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
        WHEN d.exhibit IN (SELECT r.id FROM rejected r)
            OR EXISTS (SELECT 1 FROM answered a WHERE a.rejects AND {OF_ONE.format(when=SAME_DAY)}) THEN 'rejected'
        WHEN d.is_a IN ('search', 'not compared') THEN d.is_a
        WHEN d.is_a = 'phone' AND d.label <> 'phone' THEN 'no process'
        WHEN d.is_a = 'another kind' THEN d.is_a
        WHEN d.exhibit IN (SELECT r.id FROM resting r) OR EXISTS (SELECT 1 FROM answered a
            WHERE a.rests AND a.is_open AND a.is_not_set_aside AND {OF_ONE.format(when=FROM_THEN_ON)}) THEN 'face'
        WHEN NOT d.is_kept THEN 'no reference'
        WHEN d.checked IS NULL THEN 'waits'
        WHEN d.comes_from_lead IN ('partly', 'yes') OR d.exhibit IN (SELECT r.id FROM resting_closed r)
            OR EXISTS (SELECT 1 FROM answered a
                WHERE a.rests AND NOT a.is_open AND {OF_ONE.format(when=FROM_THEN_ON)}
                  AND (a.linked_by_id IN (d.linked_by_id, d.verifier_id) OR a.linked_at >= d.linked_at)) THEN 'face'
        WHEN d.is_a = 'lineup' AND d.details ->> 'outcome' IS DISTINCT FROM '{PICKED}' THEN 'not picked'
        WHEN d.is_a = 'lineup' THEN 'lineup'
        ELSE 'counts' END AS alone FROM dated d)
SELECT e.id, CASE WHEN e.alone IN ('counts', 'lineup') AND EXISTS (
            SELECT 1 FROM each o WHERE o.alone IN ('counts', 'lineup') AND (o.alone, o.id) < (e.alone, e.id)
                AND (public.ecpd_one_report(o.details, e.details)
                     OR public.ecpd_one_witness(o.details ->> 'witness', e.details ->> 'witness')
                     OR o.exhibit IN (SELECT public.ecpd_kin(ARRAY[e.exhibit]))))
        THEN 'again' ELSE e.alone END,
    e.is_a, e.by_dates OR e.checked IS NOT NULL AND COALESCE(e.said_because, false), e.by_dates, e.secured,
    COALESCE(e.result, '')
FROM each e""",
)
