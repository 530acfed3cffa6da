"""Exhibits that are one and the same to a rule; the database says which (`leads.models.kin`)."""

from collections.abc import Iterable

from django.db import connection


def kin_of(exhibits: Iterable[int]) -> set[int]:
    """These exhibits' keys with those of all that share a file with them or were made of them."""
    if not (keys := list(exhibits)):
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.ecpd_kin(%s::bigint[])", [keys])
        return {key for (key,) in cursor.fetchall()}
