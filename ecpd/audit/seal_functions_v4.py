"""The functions that write events, fourth version: a decision behind a row is one of this transaction, also in a database
that counts transactions anew. Do not edit: a migration refers to them; a change is a version 5.
"""

from dataclasses import replace

from ecpd.audit.own_transaction_v1 import MINE
from ecpd.audit.seal_functions_v1 import ROW_CONTENT, ROW_SHAPE, SEAL_FOUND, SEAL_ROW
from ecpd.audit.seal_functions_v3 import ADD_EVENT as ADD_EVENT_V3

BY_NUMBER = "e.txid = mine"
assert ADD_EVENT_V3.body.count(BY_NUMBER) == 2
ADD_EVENT = replace(ADD_EVENT_V3, body=ADD_EVENT_V3.body.replace(BY_NUMBER, MINE))
SEAL_FUNCTIONS = (ROW_CONTENT, ROW_SHAPE, ADD_EVENT, SEAL_ROW, SEAL_FOUND)
