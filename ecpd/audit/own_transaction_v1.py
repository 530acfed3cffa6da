"""What this very transaction has done, by its own entries, first version. Do not edit: a migration refers to it.

An entry is of this transaction when it has its number and its row is no older than the transaction: a database that was
restored from a dump counts transactions anew, and has entries of others with the same number.
"""

from ecpd.audit.pinned import FunctionV1

MINE = "e.txid = pg_current_xact_id()::text::bigint AND age(e.xmin) <= 0"
# `key`: the row's key, or NULL for any row of the table.
NOTED = FunctionV1(
    "ecpd_noted",
    "wanted text, key text",
    "boolean",
    f"""
    SELECT EXISTS (SELECT 1 FROM public.audit_auditevent e WHERE {MINE} AND e.table_name = wanted AND e.operation = 'I'
                   AND (key IS NULL OR e.row_id = key))""",
)
DECISIONS = FunctionV1(
    "ecpd_decisions",
    "",
    "SETOF bigint",
    f"""
    SELECT e.row_id::bigint FROM public.audit_auditevent e WHERE {MINE} AND e.table_name = 'policy_decision'
        AND e.operation = 'I' AND e.detail ->> 'outcome' = 'allowed'""",
)
# `which`: the keys of what it may be about, NULL for anything; `who`: NULL for anybody.
DECIDED = FunctionV1(
    "ecpd_decided",
    "act text, about text, which text[], who bigint",
    "boolean",
    """
    SELECT EXISTS (SELECT 1 FROM public.ecpd_decisions() m JOIN public.policy_decision d ON d.id = m
                   WHERE d.action = act AND d.subject_type = about AND (which IS NULL OR d.subject_id = ANY (which))
                   AND (who IS NULL OR d.actor_id = who))""",
)
OWN_TRANSACTION = (NOTED, DECISIONS, DECIDED)
