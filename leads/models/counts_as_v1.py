"""What a linked exhibit is, in the database, first version. Do not edit: a migration refers to it; a change is a version 2."""

from ecpd.audit.pinned import FunctionV1

# As what a link counts (FR-10, FR-11): the exhibit says it, with its copies and what it was made of or was made of it, and
# the label only where the exhibit leaves it open. A witness who was shown photos is a line-up: one whose answer is not "none".
COUNTS_AS = FunctionV1(
    "ecpd_counts_as",
    "label text, details jsonb, exhibit bigint",
    "text",
    r"""
WITH kinds AS (SELECT e.id, e.kind FROM public.cases_evidence e WHERE e.id IN (SELECT public.ecpd_kin(ARRAY[exhibit])))
SELECT CASE
    WHEN label = 'lineup' OR EXISTS (SELECT 1 FROM kinds WHERE kind = 'lineup') THEN 'lineup'
    WHEN label = 'witness' AND regexp_replace(lower(COALESCE(details ->> 'shown_photos', '')), '[^a-z]+', '', 'g') NOT IN (
        'none', 'no', 'nothing', 'never', 'na', 'nophotos', 'noneshown', 'nonewereshown', 'nophotosshown',
        'nophotoswereshown', 'notshown') THEN 'lineup'
    WHEN EXISTS (SELECT 1 FROM kinds WHERE kind = 'phone_records') THEN 'phone'
    WHEN EXISTS (SELECT 1 FROM kinds WHERE id = exhibit AND kind IN ('dna', 'fingerprint')) THEN (
        SELECT kind FROM kinds WHERE id = exhibit)
    ELSE label END""",
)
