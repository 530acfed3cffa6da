"""What this very transaction has done, by its own entries, second version: each question reads one index. Do not edit: a
migration refers to it.
"""

from dataclasses import replace

from ecpd.audit.own_transaction_v1 import DECIDED as DECIDED_V1
from ecpd.audit.own_transaction_v1 import DECISIONS, MINE
from ecpd.audit.own_transaction_v1 import NOTED as NOTED_V1

_ADDED = f"SELECT 1 FROM public.audit_auditevent e WHERE {MINE} AND e.table_name = wanted AND e.operation = 'I'"
NOTED = replace(
    NOTED_V1, body=f"SELECT CASE WHEN key IS NULL THEN EXISTS ({_ADDED}) ELSE EXISTS ({_ADDED} AND e.row_id = key) END"
)
# `act`, `about`, `which`, `who`: NULL for any.
DECIDED = replace(
    DECIDED_V1,
    body=f"""
    SELECT EXISTS (SELECT 1 FROM public.audit_auditevent e WHERE {MINE} AND e.table_name = 'policy_decision'
                   AND e.operation = 'I' AND e.detail ->> 'outcome' = 'allowed'
                   AND (act IS NULL OR e.action = act) AND (about IS NULL OR e.subject_type = about)
                   AND (which IS NULL OR e.subject_id = ANY (which)) AND (who IS NULL OR e.actor_id = who))""",
)
OWN_TRANSACTION = (NOTED, DECISIONS, DECIDED)
