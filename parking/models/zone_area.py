"""ZoneArea: in which areas a zone lies, and so which permits hold in it. The rows of Zone.areas, sealed (PK-16)."""

import pgtrigger

from ecpd.audit.pinned import Trigger
from ecpd.audit.records import NEWEST_STATE, refuse
from ecpd.audit.sealed import Seal
from ecpd.checks.behind import decided_on
from ecpd.checks.deeds import OF_A_ZONE
from parking.models.zone import Zone

_THROUGH = Zone.areas.through
DECIDED = " OR ".join(f"({decided_on(Zone, act, '')})" for act in OF_A_ZONE)
BY_DECISION = f"""{NEWEST_STATE}
IF ({DECIDED}) IS NOT TRUE THEN
    {refuse("PK-16", "In which areas a zone lies is decided with the zone, in the same transaction.")}
END IF;
RETURN NULL;"""


class ZoneArea(_THROUGH):  # type: ignore[misc, valid-type]  # the table that Django makes for Zone.areas
    """One area of a zone. It stays: a zone that lies elsewhere is another zone."""

    row_seal = Seal()

    class Meta:
        proxy = True
        triggers = [
            Trigger(name="zz_pk_16_by_decision", when=pgtrigger.After, operation=pgtrigger.Insert, func=BY_DECISION)
        ]
        verbose_name = "area of a zone"
        verbose_name_plural = "areas of a zone"
