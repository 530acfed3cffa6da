"""Models of parking."""

from parking.models.access import PlateHold, PlatePurge, PlateQuery
from parking.models.alert import Alert, AlertAnswer
from parking.models.device import Device, DeviceToken
from parking.models.plate_policy import PlatePolicy
from parking.models.read import IngestBatch, IngestGate, PlateImage, Read
from parking.models.stay import Sighting, Stay
from parking.models.zone import CurbArea, CurbImport, CurbPolicy, CurbSpace, StreetLabel, Zone, ZonePolicy

__all__ = [
    "Alert",
    "AlertAnswer",
    "CurbArea",
    "CurbImport",
    "CurbPolicy",
    "CurbSpace",
    "Device",
    "DeviceToken",
    "IngestBatch",
    "IngestGate",
    "PlateHold",
    "PlateImage",
    "PlatePolicy",
    "PlatePurge",
    "PlateQuery",
    "Read",
    "Sighting",
    "Stay",
    "StreetLabel",
    "Zone",
    "ZonePolicy",
]
