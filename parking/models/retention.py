"""When plate data may leave: under the council's resolution, once its time is over (PK-05)."""

import pgtrigger

from ecpd.audit.pinned import Trigger
from ecpd.audit.records import guard, refuse

DUE = f"""
IF coalesce(trim(ecpd_parameter('plate_retention_resolution') #>> '{{{{}}}}'), '') = '' THEN
    {refuse("PK-05", "Nothing is deleted before the council's resolution is entered.")}
END IF;
IF OLD.{{column}} > ecpd_now() - make_interval(days => ecpd_parameter_int('plate_retention_days')) THEN
    {refuse("PK-05", "It is younger than the manual lets plate data be deleted.")}
END IF;
RETURN OLD;
"""


def only_when_due(column: str, before: str = "") -> Trigger:
    """A guard: a row is deleted once `column` lies as far back as the manual says; `before` is PL/pgSQL asked first."""
    return guard("pk_05_only_in_time", before + DUE.format(column=column), on=pgtrigger.Delete)
