"""What a linked exhibit is, in the database, second version. Do not edit: a migration refers to it; a change is a version 3."""

from ecpd.audit.pinned import FunctionV1

# That photos were shown before a statement: an answer is there, and is not no. Today's is one of two words; earlier ones were
# typed, and are no only as a whole: but for blanks and points, nothing is left out of them.
SHOWN = """regexp_replace(lower({0} ->> 'shown_photos'), '[[:space:][:punct:]]+', '', 'g') NOT IN (
        'none', 'no', 'nothing', 'never', 'na', 'nophotos', 'noneshown', 'nonewereshown', 'nophotosshown',
        'nophotoswereshown', 'notshown')"""
# As what a link counts (FR-10, FR-11): the exhibit says it, with its copies and what it was made of or was made of it, and
# the label only where the exhibit leaves it open. What a link of it once called a line-up, whether it counts or not and
# whatever its lead, or what photos were shown for, stays one under every label.
COUNTS_AS = FunctionV1(
    "ecpd_counts_as",
    "label text, details jsonb, exhibit bigint",
    "text",
    rf"""
WITH kinds AS (SELECT e.id, e.kind FROM public.cases_evidence e WHERE e.id IN (SELECT public.ecpd_kin(ARRAY[exhibit])))
SELECT CASE
    WHEN label = 'lineup' OR EXISTS (SELECT 1 FROM kinds WHERE kind = 'lineup') THEN 'lineup'
    WHEN label = 'witness' AND details ->> 'shown_photos' IS NULL OR {SHOWN.format("details")} THEN 'lineup'
    WHEN EXISTS (SELECT 1 FROM public.leads_corroboration c JOIN kinds ON kinds.id = c.evidence_id
                 WHERE c.kind = 'lineup' OR {SHOWN.format("c.details")}) THEN 'lineup'
    WHEN EXISTS (SELECT 1 FROM kinds WHERE kind = 'phone_records') THEN 'phone'
    WHEN EXISTS (SELECT 1 FROM kinds WHERE id = exhibit AND kind IN ('dna', 'fingerprint')) THEN (
        SELECT kind FROM kinds WHERE id = exhibit)
    ELSE label END""",
)
