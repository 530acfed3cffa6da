"""Exhibits that are one and the same to a rule, in the database, second version. Do not edit: a migration refers to it; a
change is a version 3.
"""

from ecpd.audit.pinned import FunctionV1

NEAR_COPY_BITS = 4  # of 64, as leads.near has it
# Two hashes that differ in at most four bits are equal in one of five bands: an index finds them by it.
BANDS = """(ARRAY[({0} >> 51) & 8191, 8192 + (({0} >> 38) & 8191), 16384 + (({0} >> 25) & 8191),
    24576 + (({0} >> 12) & 8191), 32768 + ({0} & 4095)])"""
INDEX = f"CREATE INDEX evidence_near_copies ON public.cases_evidence USING gin ({BANDS.format('phash')})"
NEAR = (
    f"{BANDS.format('{one}.phash')} && {BANDS.format('{other}.phash')} "
    f"AND bit_count(({{one}}.phash # {{other}}.phash)::bit(64)) <= {NEAR_COPY_BITS}"
)


def near(one: str, other: str) -> str:
    """SQL: the pictures of two rows are near copies; never without both hashes."""
    return NEAR.format(one=one, other=other)


# Copies and near copies of one file, in whatever case, and what was made of another; followed through, themselves among them.
KIN = FunctionV1(
    "ecpd_kin",
    "exhibits bigint[]",
    "SETOF bigint",
    f"""
WITH RECURSIVE kin AS (
    SELECT k.id, k.file_id, k.derived_from_id, k.phash FROM public.cases_evidence k WHERE k.id = ANY (exhibits)
    UNION SELECT k.id, k.file_id, k.derived_from_id, k.phash FROM kin CROSS JOIN LATERAL (
        SELECT * FROM public.cases_evidence a WHERE a.file_id = kin.file_id
        UNION ALL SELECT * FROM public.cases_evidence b WHERE b.derived_from_id = kin.id
        UNION ALL SELECT * FROM public.cases_evidence c WHERE c.id = kin.derived_from_id
        UNION ALL SELECT * FROM public.cases_evidence d WHERE {near("d", "kin")}) k)
SELECT id FROM kin""",
)
# The exhibits that are of a lead's search (FR-10): the probe and the gallery's photo of the candidate, with all their kin.
OF_THE_SEARCH = FunctionV1(
    "ecpd_of_the_search",
    "lead bigint",
    "SETOF bigint",
    f"""
WITH found AS (
    SELECT s.probe_id, p.file_id, p.phash FROM public.leads_lead l JOIN public.leads_candidate c ON c.id = l.candidate_id
        JOIN public.leads_searchrequest s ON s.id = c.search_id JOIN public.leads_galleryface f ON f.id = c.face_id
        JOIN public.leads_galleryphoto p ON p.id = f.photo_id WHERE l.id = lead)
SELECT public.ecpd_kin(ARRAY(
    SELECT found.probe_id FROM found
    UNION SELECT e.id FROM found JOIN public.cases_evidence e ON e.file_id = found.file_id
    UNION SELECT e.id FROM found JOIN public.cases_evidence e ON {near("e", "found")}))""",
)
