"""Whether a decision of this very transaction stands behind two rows of a table, by its own entries. Do not edit: a
migration refers to it.
"""

from ecpd.audit.own_transaction_v1 import MINE
from ecpd.audit.pinned import FunctionV1

# The row `key` was entered in this statement, so its entry is there. Nobody's decision serves as many rows as come.
SERVED = FunctionV1(
    "ecpd_served",
    "wanted text, key text",
    "boolean",
    f"""
    SELECT EXISTS (SELECT 1 FROM public.audit_auditevent k JOIN public.audit_auditevent e ON e.decision_id = k.decision_id
                   WHERE {MINE} AND e.table_name = wanted AND e.operation = 'I' AND e.row_id <> key
                   AND {MINE.replace("e.", "k.")} AND k.table_name = wanted AND k.operation = 'I' AND k.row_id = key)""",
)
