"""The functions that write events, seventh version: an entry seals its row as the row stands. Do not edit: a migration
refers to them; a change is a version 8.

A trigger of one table changes a row of another. Where one statement writes both, that change is sealed first, and the
statement's own entry came after it with the row from before: the record called the row changed though nobody had.
"""

from dataclasses import replace

from ecpd.audit.own_transaction_v1 import MINE
from ecpd.audit.seal_functions_v6 import ADD_EVENT, ROW_CONTENT, ROW_SHAPE, SEAL_FOUND
from ecpd.audit.seal_functions_v6 import SEAL_ROW as SEAL_ROW_V6

SEALS = """    PERFORM public.ecpd_add_event(
        TG_TABLE_NAME, TG_ARGV[0], content ->> TG_ARGV[1], left(TG_OP, 1),
        public.ecpd_row_content(content,"""
# Asked only where this transaction has an entry of the row already: else what was written is what stands.
AS_IT_STANDS = f"""    IF TG_OP <> 'DELETE' AND EXISTS (
               SELECT FROM public.audit_auditevent e WHERE {MINE} AND e.table_name = TG_TABLE_NAME
               AND e.row_id = content ->> TG_ARGV[1]) THEN
        EXECUTE format('SELECT to_jsonb(t) FROM public.%1$I t WHERE t.%2$I = ($1).%2$I', TG_TABLE_NAME, TG_ARGV[1])
        INTO stands USING NEW;
        IF stands IS NULL THEN
            RETURN NULL;  -- it went meanwhile: that has its own entry
        END IF;
    END IF;
    PERFORM public.ecpd_add_event(
        TG_TABLE_NAME, TG_ARGV[0], content ->> TG_ARGV[1], left(TG_OP, 1),
        public.ecpd_row_content(COALESCE(stands, content),"""
BEGINS = "\nBEGIN\n"
assert SEAL_ROW_V6.body.count(SEALS) == 1 and SEAL_ROW_V6.body.count(BEGINS) == 1
SEAL_ROW = replace(
    SEAL_ROW_V6, body=SEAL_ROW_V6.body.replace(SEALS, AS_IT_STANDS).replace(BEGINS, "\n    stands jsonb;\nBEGIN\n")
)
SEAL_FUNCTIONS = (ROW_CONTENT, ROW_SHAPE, ADD_EVENT, SEAL_ROW, SEAL_FOUND)
