"""Models of parking."""

from parking import actors  # noqa: F401 adds guards to the models below as they are made
from parking.models import lookups  # noqa: F401 registers a lookup
from parking.models.abandoned import AbandonedLook, AbandonedMark, AbandonedPhoto, AbandonedVehicle
from parking.models.access import PlateHold, PlatePurge, PlateQuery
from parking.models.alert import Alert, AlertAnswer
from parking.models.citation import Citation, CitationDraft
from parking.models.citation_record import CitationCopy, CitationDelivery, CitationHold, CitationVoid
from parking.models.contest import Contest, ContestDocument, ContestLookup, ContestResult
from parking.models.device import Device, DeviceToken
from parking.models.exemption import Exemption, ExemptionImport
from parking.models.hotlist import Hotlist, HotlistEntry, HotlistHit, HotlistImport
from parking.models.ledger import LedgerEntry, PaymentImport
from parking.models.notice import CitationNotice, NoticeMailing
from parking.models.permit import Permit, PermitPlate, PermitWarning
from parking.models.permit_application import PermitApplication, PermitDecision, PermitDocument
from parking.models.permit_area import TermsArea
from parking.models.permit_class import PermitClass, PermitTerms
from parking.models.permit_guest import GuestCode
from parking.models.permit_portal import PermitLink, PermitReminder, PermitTry
from parking.models.plan import PaymentPlan, PlanCitation, PlanRequest
from parking.models.plate_policy import PlatePolicy
from parking.models.read import IngestBatch, IngestGate, PlateImage, Read
from parking.models.read_keep import ReadKeep
from parking.models.share import AccessReport, PartnerAgency, PlateShare, PublicAgency
from parking.models.stay import Finding, Stay, Track
from parking.models.tow import TowEnd, TowHearing, TowNotice, TowOrder, TowRemoval, TowResult
from parking.models.violation import Violation, ViolationAmount
from parking.models.zone import CurbArea, CurbImport, CurbPolicy, CurbSpace, StreetLabel, Zone, ZonePolicy
from parking.models.zone_area import ZoneArea

__all__ = [
    "AbandonedLook",
    "AbandonedMark",
    "AbandonedPhoto",
    "AbandonedVehicle",
    "AccessReport",
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
    "Exemption",
    "ExemptionImport",
    "Finding",
    "GuestCode",
    "Hotlist",
    "HotlistEntry",
    "HotlistHit",
    "HotlistImport",
    "IngestBatch",
    "IngestGate",
    "LedgerEntry",
    "NoticeMailing",
    "PartnerAgency",
    "PaymentImport",
    "PaymentPlan",
    "Permit",
    "PermitApplication",
    "PermitClass",
    "PermitDecision",
    "PermitDocument",
    "PermitLink",
    "PermitPlate",
    "PermitReminder",
    "PermitTerms",
    "PermitTry",
    "PermitWarning",
    "PlanCitation",
    "PlanRequest",
    "PlateHold",
    "PlateImage",
    "PlatePolicy",
    "PlatePurge",
    "PlateQuery",
    "PlateShare",
    "PublicAgency",
    "Read",
    "ReadKeep",
    "Stay",
    "StreetLabel",
    "TermsArea",
    "TowEnd",
    "TowHearing",
    "TowNotice",
    "TowOrder",
    "TowRemoval",
    "TowResult",
    "Track",
    "Violation",
    "ViolationAmount",
    "Zone",
    "ZoneArea",
    "ZonePolicy",
]
