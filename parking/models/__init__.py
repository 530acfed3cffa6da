"""Models of parking."""

from parking.models.access import PlateHold, PlatePurge, PlateQuery
from parking.models.alert import Alert, AlertAnswer
from parking.models.citation import Citation, CitationDraft
from parking.models.citation_record import CitationCopy, CitationDelivery, CitationHold, CitationVoid
from parking.models.contest import Contest, ContestDocument, ContestLookup, ContestResult
from parking.models.device import Device, DeviceToken
from parking.models.ledger import LedgerEntry, PaymentImport
from parking.models.notice import CitationNotice, NoticeMailing
from parking.models.plan import PaymentPlan, PlanCitation, PlanRequest
from parking.models.plate_policy import PlatePolicy
from parking.models.read import IngestBatch, IngestGate, PlateImage, Read
from parking.models.stay import Finding, Stay, Track
from parking.models.violation import Violation, ViolationAmount
from parking.models.zone import CurbArea, CurbImport, CurbPolicy, CurbSpace, StreetLabel, Zone, ZonePolicy

__all__ = [
    "Alert",
    "AlertAnswer",
    "Citation",
    "CitationCopy",
    "CitationDelivery",
    "CitationDraft",
    "CitationHold",
    "CitationNotice",
    "CitationVoid",
    "Contest",
    "ContestDocument",
    "ContestLookup",
    "ContestResult",
    "CurbArea",
    "CurbImport",
    "CurbPolicy",
    "CurbSpace",
    "Device",
    "DeviceToken",
    "Finding",
    "IngestBatch",
    "IngestGate",
    "LedgerEntry",
    "NoticeMailing",
    "PaymentImport",
    "PaymentPlan",
    "PlanCitation",
    "PlanRequest",
    "PlateHold",
    "PlateImage",
    "PlatePolicy",
    "PlatePurge",
    "PlateQuery",
    "Read",
    "Stay",
    "StreetLabel",
    "Track",
    "Violation",
    "ViolationAmount",
    "Zone",
    "ZonePolicy",
]
