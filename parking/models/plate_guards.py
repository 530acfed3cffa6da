"""A plate as it is kept: in one spelling, with the keys of its own letters; else it is not found where it counts.

Guards and rules compare plates letter by letter (PK-01, PK-03, PK-05, PK-16): another spelling is another car to them.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from ecpd.audit.functions import of_an_app
from ecpd.audit.pinned import Trigger
from ecpd.audit.records import guard, refuse
from parking.plate_hold_v1 import PLATE_HELD, READ_HELD
from parking.plate_keys_v1 import PLATE_KEYS

for each in (PLATE_KEYS, PLATE_HELD, READ_HELD):
    of_an_app(each)
KEPT, STATE = (
    "[A-Z0-9]+",
    "[A-Z]{2}-[A-Z0-9]{1,3}|OTHER",
)  # ISO 3166-2, or no state of any country whose plates are known


def in_one_spelling(name: str, *, plate: bool = True, state: bool = True) -> models.CheckConstraint:
    """A CHECK: capitals and digits alone, and the state as ISO has it. `plate`, `state`: whether the row always has one."""
    letters, region = (f"^({pattern}){'' if wanted else '?'}$" for pattern, wanted in ((KEPT, plate), (STATE, state)))
    return models.CheckConstraint(
        name=name,
        condition=Q(plate__regex=letters) & Q(plate_state__regex=region),
        violation_error_message="A plate is kept as capital letters and digits, its state as US-CA.",
    )


def keys_of_the_plate(name: str, rule_id: str) -> Trigger:
    """A guard: the keys by which a plate is found are those of its letters."""
    sql = f"""
IF NEW.keys::text[] IS DISTINCT FROM public.ecpd_plate_keys(NEW.plate) THEN
    {refuse(rule_id, "A plate is found by the keys of its own letters.")}
END IF;
"""
    return guard(name, sql, on=pgtrigger.Insert)
