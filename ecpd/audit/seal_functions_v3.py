"""The functions that write events, third version: an entry cannot be altered while it waits. Do not edit: a migration
refers to them; a change is a version 4.
"""

from dataclasses import replace

from ecpd.audit.seal_functions_v1 import ROW_CONTENT, ROW_SHAPE, SEAL_FOUND, SEAL_ROW
from ecpd.audit.seal_functions_v2 import ADD_EVENT as ADD_EVENT_V2

WAITS = "    INSERT INTO public.audit_unsealed (event_id) VALUES (event);"
# The entry's own text, as the sealer reads it (ecpd.audit.canonical).
WAITS_AS_IT_IS = """\
    INSERT INTO public.audit_unsealed (event_id, digest)
    SELECT e.id, encode(sha256(convert_to(jsonb_build_object(
        'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'id', e.id, 'actor_id', e.actor_id,
        'actor_label', e.actor_label, 'action', e.action, 'subject_type', e.subject_type, 'subject_id', e.subject_id,
        'subject_label', e.subject_label, 'case_number', e.case_number, 'decision_id', e.decision_id, 'detail', e.detail,
        'ip_address', e.ip_address, 'table_name', e.table_name, 'row_id', e.row_id, 'operation', e.operation,
        'shape_id', e.shape_id, 'digest', e.digest, 'session_name', e.session_name, 'backend', e.backend, 'txid', e.txid,
        'application', e.application, 'client', e.client)::text, 'UTF8')), 'hex')
    FROM public.audit_auditevent e WHERE e.id = event;"""
assert WAITS in ADD_EVENT_V2.body
ADD_EVENT = replace(ADD_EVENT_V2, body=ADD_EVENT_V2.body.replace(WAITS, WAITS_AS_IT_IS))
SEAL_FUNCTIONS = (ROW_CONTENT, ROW_SHAPE, ADD_EVENT, SEAL_ROW, SEAL_FOUND)
