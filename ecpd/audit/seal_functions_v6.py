"""The functions that write events, sixth version: an entry names a decision on an act that the very step asks. Do not edit:
a migration refers to them; a change is a version 7.

One more decision on the same thing put another person into the entry. Now a row that names a decision with this write has
that one; else one counts that is on an act of this step, of the person whom the row names for it, about what the row points
to (`ecpd.audit.whose` has what the trigger is told). Of several the one is meant that stands behind the ledger's row of
the step; then one of a person who is named, one about the row itself, the newest. Where no list speaks of a table any act
counts that is no look; conduct has only its own person's.
"""

from dataclasses import replace

from ecpd.audit.own_transaction_v1 import MINE
from ecpd.audit.seal_functions_v1 import ROW_CONTENT, ROW_SHAPE
from ecpd.audit.seal_functions_v1 import SEAL_FOUND as SEAL_FOUND_V1
from ecpd.audit.seal_functions_v1 import SEAL_ROW as SEAL_ROW_V1
from ecpd.audit.seal_functions_v4 import ADD_EVENT as ADD_EVENT_V4
from ecpd.audit.seal_functions_v5 import NEWEST

LOOK = "e.action ~ '[.](view|export|download|report|query|packet)$'"
FITTING = f"""        CROSS JOIN LATERAL (
            SELECT 4 AS rank WHERE e.row_id = ANY (named)
            UNION ALL
            SELECT 0 WHERE steps IS NULL AND wanted <> 'audit_conduct' AND NOT {LOOK}
            UNION ALL
            SELECT 0 WHERE wanted = 'audit_conduct' AND e.actor_id = (content ->> 'actor_id')::bigint
                AND (NOT {LOOK} OR e.action = content ->> 'action')
            UNION ALL
            SELECT CASE WHEN s ? 'l' AND EXISTS (
                            SELECT FROM public.audit_auditevent k WHERE {MINE.replace("e.", "k.")}
                            AND k.table_name = s ->> 'l' AND k.operation = 'I' AND k.decision_id = e.row_id::bigint) THEN 3
                        WHEN s ? 'p' THEN 2 ELSE 1 END
            FROM jsonb_array_elements(steps) s
            WHERE CASE WHEN s ? 'a' THEN e.action = s ->> 'a' AND e.subject_type = s ->> 't' ELSE NOT {LOOK} END
              AND (NOT s ? 'p' OR e.actor_id = (content ->> (s ->> 'p'))::bigint)
              AND (NOT s ? 'k' OR e.subject_id IN (SELECT CASE c WHEN '' THEN '' ELSE content ->> c END
                                                   FROM jsonb_array_elements_text(s -> 'k') c))
        ) fits
        WHERE {MINE} AND e.table_name = 'policy_decision' AND e.operation = 'I'
          AND e.detail ->> 'outcome' = 'allowed'
        ORDER BY fits.rank DESC, (e.subject_type = label AND e.subject_id = key) IS TRUE DESC, e.id DESC LIMIT 1;
"""
FROM_ENTRIES = "        FROM public.audit_auditevent e\n"
assert ADD_EVENT_V4.body.count(NEWEST) == 1 and ADD_EVENT_V4.body.count(FROM_ENTRIES + NEWEST) == 1
ADD_EVENT = replace(
    ADD_EVENT_V4,
    arguments=f"{ADD_EVENT_V4.arguments}, named text[], steps jsonb",
    body=ADD_EVENT_V4.body.replace(NEWEST, FITTING),
)
HASHED = "TG_ARGV[3]::text[]);\n    RETURN NULL;"
# The decision that this write puts into the row, and of the sixth argument the steps that it takes. The fifth was the fifth
# version's: whichever of trigger and function comes first in an upgrade, either goes with the other.
WHOSE = """TG_ARGV[3]::text[],
        ARRAY(SELECT content ->> c FROM unnest(ARRAY['decision_id', 'run_decision_id']) c
              WHERE TG_OP <> 'DELETE' AND content ->> c IS NOT NULL AND content -> c IS DISTINCT FROM before -> c),
        CASE WHEN TG_NARGS > 5 THEN (
         SELECT COALESCE(jsonb_agg(s), '[]') FROM jsonb_array_elements(TG_ARGV[5]::jsonb) s
         WHERE strpos(s ->> 'o', left(TG_OP, 1)) > 0
           AND (NOT s ? 'c' OR COALESCE(content -> (s ->> 'c'), 'null') <> COALESCE(before -> (s ->> 'c'), 'null'))
           AND NOT EXISTS (
               SELECT FROM jsonb_array_elements(s -> 'w') w
               WHERE (w -> 3) @> COALESCE(CASE w ->> 0 WHEN 'n' THEN content ELSE before END -> (w ->> 1), 'null')
                     <> (w ->> 2)::boolean)
        ) END);
    RETURN NULL;"""
DECLARES = "DECLARE content jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);\n"
BEFORE = f"{DECLARES}    before jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;\n"
assert SEAL_ROW_V1.body.count(HASHED) == 1 and SEAL_ROW_V1.body.count(DECLARES) == 1
SEAL_ROW = replace(SEAL_ROW_V1, body=SEAL_ROW_V1.body.replace(HASHED, WHOSE).replace(DECLARES, BEFORE))
GENESIS = "told[4]::text[]);"
assert SEAL_FOUND_V1.body.count(GENESIS) == 1
SEAL_FOUND = replace(SEAL_FOUND_V1, body=SEAL_FOUND_V1.body.replace(GENESIS, "told[4]::text[], '{}', '[]');"))
SEAL_FUNCTIONS = (ROW_CONTENT, ROW_SHAPE, ADD_EVENT, SEAL_ROW, SEAL_FOUND)
