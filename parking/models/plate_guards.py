"""The keys of a plate: those of its own letters, or it is not found where it counts (PK-01, PK-03, PK-16)."""

import pgtrigger

from ecpd.audit.functions import of_an_app
from ecpd.audit.pinned import Trigger
from ecpd.audit.records import guard, refuse
from parking.plate_keys_v1 import PLATE_KEYS

of_an_app(PLATE_KEYS)


def keys_of_the_plate(name: str, rule_id: str) -> Trigger:
    """A guard: the keys by which a plate is found are those of its letters."""
    sql = f"""
IF NEW.keys::text[] IS DISTINCT FROM public.ecpd_plate_keys(NEW.plate) THEN
    {refuse(rule_id, "A plate is found by the keys of its own letters.")}
END IF;
"""
    return guard(name, sql, on=pgtrigger.Insert)
