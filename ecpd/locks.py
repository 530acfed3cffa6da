"""Locks of a session: whoever works on something that must be done once holds one, and a killed worker's is free.

Each kind of work has a number of its own here, and the overtime engine's and the purge's beside their code; PostgreSQL
knows locks by numbers alone. (The others of ECPD last for one transaction and are named in words:
`hashtext('numbering.…')`.)
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SEARCHES = 0x5EA7
IMPORTS = 0x1A90


@contextmanager
def held(space: int, pk: int) -> Iterator[bool]:
    """Hold a thing of a kind for a while; False when somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, pk])
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, pk])
