"""Exhibits that are one and the same to a rule, in the database, first version. Do not edit: a migration refers to it; a
change is a version 2.
"""

from ecpd.audit.pinned import FunctionV1

# Copies of one file, in whatever case, and what was made of another; followed through, themselves among them.
KIN = FunctionV1(
    "ecpd_kin",
    "exhibits bigint[]",
    "SETOF bigint",
    """
WITH RECURSIVE kin AS (
    SELECT k.id, k.file_id, k.derived_from_id FROM public.cases_evidence k WHERE k.id = ANY (exhibits)
    UNION SELECT k.id, k.file_id, k.derived_from_id FROM public.cases_evidence k JOIN kin
        ON k.file_id = kin.file_id OR k.derived_from_id = kin.id OR k.id = kin.derived_from_id)
SELECT id FROM kin""",
)
