"""What a linked exhibit is, in the database, fourth version. Do not edit: a migration refers to it; a change is a version 5."""

from ecpd.audit.pinned import FunctionV1
from leads.models.counts_as_v2 import SHOWN

# A DNA report, fingerprints and cell-phone data are exhibits of that kind: a picture is none of them, whatever it is called and
# whatever kind the exhibit is said to be.
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
    WHEN label IN ('dna', 'fingerprint', 'phone') AND EXISTS (SELECT 1 FROM public.cases_evidence e
        JOIN public.cases_storedfile f ON f.id = e.file_id WHERE e.id = exhibit AND starts_with(f.media_type, 'image/'))
        THEN 'another kind'
    WHEN EXISTS (SELECT 1 FROM kinds WHERE kind = 'phone_records') THEN 'phone'
    WHEN EXISTS (SELECT 1 FROM kinds WHERE id = exhibit AND kind IN ('dna', 'fingerprint')) THEN (
        SELECT kind FROM kinds WHERE id = exhibit)
    WHEN label IN ('dna', 'fingerprint', 'phone') THEN 'another kind'
    ELSE label END""",
)
