"""What a linked exhibit is, in the database, fifth version. Do not edit: a migration refers to it; a change is a version 6."""

from ecpd.audit.pinned import FunctionV1

# As what an exhibit of each kind may be linked, and of which media type its file is, if it has one; as anything else it counts
# for nothing. Words of somebody, written or recorded, are a witness's and name whose they are. A line-up may be any exhibit.
_ANY, _PICTURE, _FILM, _REPORT = "", "image/", "video/", "application/pdf"
_TABLE = "application/zip", "text/plain"
MAY_BE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "photo": (("physical", "whereabouts"), (_PICTURE,)),
    "still": (("physical", "whereabouts"), (_PICTURE,)),
    "clip": (("physical", "whereabouts", "witness"), (_FILM, "application/octet-stream")),
    "audio": (("witness",), (_ANY,)),
    "document": (("witness",), (_ANY,)),
    "interview": (("witness",), (_ANY,)),
    "dna": (("dna",), (_REPORT,)),
    "fingerprint": (("fingerprint",), (_REPORT,)),
    "phone_records": (("phone",), (_REPORT, *_TABLE)),
    "physical": (("physical",), (_PICTURE, _FILM)),
    "transit": (("whereabouts",), (_PICTURE, _REPORT, *_TABLE)),
}
_ROWS = ", ".join(
    f"('{kind}', '{label}', '{media}')"
    for kind, (labels, types) in MAY_BE.items()
    for label in labels
    for media in types
)
WORDS = ("audio", "document", "interview")
_LABELS = tuple({label: 0 for labels, _ in MAY_BE.values() for label in labels})
# That photos were shown before a statement: an answer is there, and is not no. Today's is one of three words; earlier ones were
# typed, and are no only as a whole: but for blanks and points, nothing is left out of them.
SHOWN = """regexp_replace(lower({0} ->> 'shown_photos'), '[[:space:][:punct:]]+', '', 'g') NOT IN (
        'none', 'no', 'nothing', 'never', 'na', 'nophotos', 'noneshown', 'nonewereshown', 'nophotosshown',
        'nophotoswereshown', 'notshown', 'nostatement')"""
# As what a link counts (FR-10, FR-11): the exhibit says it, with its copies and what it was made of or was made of it. What a
# link of it once called a line-up, whether it counts or not and whatever its lead, or what photos were shown for, stays one
# under every label. What an interview was made of or is a copy of is words too, and so is what was made of words, but a
# laboratory's report or a carrier's records.
COUNTS_AS = FunctionV1(
    "ecpd_counts_as",
    "label text, details jsonb, exhibit bigint",
    "text",
    rf"""
WITH RECURSIVE kinds AS (SELECT e.id, e.kind FROM public.cases_evidence e WHERE e.id IN (SELECT public.ecpd_kin(ARRAY[exhibit]))),
    its AS (SELECT e.kind, f.media_type AS media FROM public.cases_evidence e
            LEFT JOIN public.cases_storedfile f ON f.id = e.file_id WHERE e.id = exhibit),
    up AS (SELECT e.id, e.derived_from_id, e.kind FROM public.cases_evidence e WHERE e.id = exhibit
           UNION SELECT o.id, o.derived_from_id, o.kind FROM up JOIN public.cases_evidence o ON o.id = up.derived_from_id)
SELECT CASE
    WHEN label = 'lineup' OR EXISTS (SELECT 1 FROM kinds WHERE kind = 'lineup') THEN 'lineup'
    WHEN label = 'witness' AND details ->> 'shown_photos' IS NULL OR {SHOWN.format("details")} THEN 'lineup'
    WHEN EXISTS (SELECT 1 FROM public.leads_corroboration c JOIN kinds ON kinds.id = c.evidence_id
                 WHERE c.kind = 'lineup' OR {SHOWN.format("c.details")}) THEN 'lineup'
    WHEN label <> 'phone' AND EXISTS (SELECT 1 FROM kinds WHERE kind = 'phone_records') THEN 'phone'
    WHEN label <> 'witness' AND (EXISTS (SELECT 1 FROM kinds WHERE kind = 'interview')
        OR EXISTS (SELECT 1 FROM up WHERE kind IN {WORDS})
           AND NOT EXISTS (SELECT 1 FROM its WHERE kind IN ('dna', 'fingerprint', 'phone_records'))) THEN 'another kind'
    WHEN label NOT IN {_LABELS} THEN label
    WHEN EXISTS (SELECT 1 FROM its JOIN (VALUES {_ROWS}) may(kind, label, media) ON may.kind = its.kind
                 AND may.label = $1 AND (its.media IS NULL OR starts_with(its.media, may.media))) THEN label
    ELSE 'another kind' END""",
)
