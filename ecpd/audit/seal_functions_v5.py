"""The functions that write events, fifth version: an entry names the decision that its own row is by. Do not edit: a
migration refers to them; a change is a version 6.

Whoever made one more decision in the transaction was named in every entry after it. Now a row that names a decision has
that one; else one of a person whom this very write names as acting; else one on the row itself; else the newest, but none
where the write names a person who decided nothing.
"""

from dataclasses import replace

from ecpd.audit.own_transaction_v1 import MINE
from ecpd.audit.seal_functions_v1 import ROW_CONTENT, ROW_SHAPE
from ecpd.audit.seal_functions_v1 import SEAL_FOUND as SEAL_FOUND_V1
from ecpd.audit.seal_functions_v1 import SEAL_ROW as SEAL_ROW_V1
from ecpd.audit.seal_functions_v4 import ADD_EVENT as ADD_EVENT_V4

NEWEST = f"""        WHERE {MINE} AND e.table_name = 'policy_decision' AND e.operation = 'I'
          AND e.detail ->> 'outcome' = 'allowed'
        ORDER BY e.id DESC LIMIT 1;
"""
# `acting`: whom the write names; NULL where the row has no such column. To look on is no act.
FITTING = f"""        WHERE {MINE} AND e.table_name = 'policy_decision' AND e.operation = 'I'
          AND e.detail ->> 'outcome' = 'allowed'
          AND (cardinality(acting) IS NULL OR cardinality(acting) = 0 OR e.actor_id = ANY (acting)
               OR e.row_id = ANY (named))
        ORDER BY (e.row_id = ANY (named)) IS TRUE DESC,
                 (e.subject_type = label AND e.subject_id = key
                  AND e.action !~ '[.](view|export|download|report|query)$') IS TRUE DESC,
                 e.id DESC LIMIT 1;
"""
assert ADD_EVENT_V4.body.count(NEWEST) == 1
NAMED = "    mine bigint := pg_current_xact_id()::text::bigint;\n"
ITS_OWN = f"{NAMED}    named text[] := ARRAY[content ->> 'decision_id', content ->> 'run_decision_id'];\n"
assert ADD_EVENT_V4.body.count(NAMED) == 1
ADD_EVENT = replace(
    ADD_EVENT_V4,
    arguments=f"{ADD_EVENT_V4.arguments}, acting bigint[]",
    body=ADD_EVENT_V4.body.replace(NEWEST, FITTING).replace(NAMED, ITS_OWN),
)
HASHED = "TG_ARGV[3]::text[]);\n    RETURN NULL;"
# The fifth argument names the columns of who acts; of a change those count that it changes.
WHOM = """TG_ARGV[3]::text[],
        ARRAY(SELECT (content ->> who)::bigint FROM unnest(TG_ARGV[4]::text[]) who WHERE content ->> who IS NOT NULL
              AND (TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND to_jsonb(OLD) ->> who IS DISTINCT FROM content ->> who)));
    RETURN NULL;"""
assert SEAL_ROW_V1.body.count(HASHED) == 1
SEAL_ROW = replace(SEAL_ROW_V1, body=SEAL_ROW_V1.body.replace(HASHED, WHOM))
GENESIS = "told[4]::text[]);"
assert SEAL_FOUND_V1.body.count(GENESIS) == 1
SEAL_FOUND = replace(SEAL_FOUND_V1, body=SEAL_FOUND_V1.body.replace(GENESIS, "told[4]::text[], NULL);"))
SEAL_FUNCTIONS = (ROW_CONTENT, ROW_SHAPE, ADD_EVENT, SEAL_ROW, SEAL_FOUND)
