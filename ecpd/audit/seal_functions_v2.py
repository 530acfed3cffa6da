"""The functions that write events, second version: an erased template says so. Do not edit: a migration refers to them."""

from dataclasses import replace

from ecpd.audit.seal_functions_v1 import ADD_EVENT as ADD_EVENT_V1
from ecpd.audit.seal_functions_v1 import ROW_CONTENT, ROW_SHAPE, SEAL_FOUND, SEAL_ROW

NAMED = "        subject := ARRAY[label, key, ''];\n"
# A row with this column filled is a tombstone: it changes once, when it becomes one.
ERASED = """\
        IF operation = 'U' AND content ->> 'erased_under_id' IS NOT NULL THEN
            action := 'record.erased';
            told := jsonb_build_object('opt_out', (content ->> 'erased_under_id')::bigint);
        END IF;
"""
ADD_EVENT = replace(ADD_EVENT_V1, body=ADD_EVENT_V1.body.replace(NAMED, NAMED + ERASED))
SEAL_FUNCTIONS = (ROW_CONTENT, ROW_SHAPE, ADD_EVENT, SEAL_ROW, SEAL_FOUND)
