"""The anchors of parking: a citation, an abandoned vehicle, a permit and its application (ecpd.audit.anchors)."""

import pgtrigger

from ecpd.audit.anchors import ADDED_OR_CHANGED, anchored
from ecpd.audit.pinned import Trigger

# The vehicle of a tow whose order's id the SQL gives: orders are a ledger, which nobody can lock.
VEHICLE_OF_ORDER = "SELECT o.vehicle_id FROM parking_toworder o WHERE o.id = {}"


def on_citation(key: str = "NEW.citation_id", *, on: pgtrigger.Operation = ADDED_OR_CHANGED) -> Trigger:
    """What is owed on a citation, and who had a part in it."""
    return anchored("parking_citation", key, "PK-15", on=on)


def on_vehicle(key: str = "NEW.vehicle_id") -> Trigger:
    """The steps of PK-04 and of a tow."""
    return anchored("parking_abandonedvehicle", key, "PK-04", on=pgtrigger.Insert)


def on_application(key: str = "NEW.application_id") -> Trigger:
    """The answers to an application and the permit that follows."""
    return anchored("parking_permitapplication", key, "PK-16", on=pgtrigger.Insert)
