"""Models of leads."""

from leads.models.after import WarrantStep
from leads.models.blind import NOT_WHILE_BLIND  # noqa: F401  (guards on tables of cases)
from leads.models.candidate import Candidate
from leads.models.card import ModelCard
from leads.models.corroboration import Corroboration, CorroborationVerification
from leads.models.draft import SearchDraft
from leads.models.examination import Examination, ExaminationDraft, ExaminationRequest
from leads.models.exculpatory import ExculpatoryAnswer, ExculpatoryEntry
from leads.models.face import FaceVector, GalleryFace
from leads.models.identity import Identity, IdentityAnswer
from leads.models.importing import ImportBatch, ImportReject
from leads.models.lead import Lead
from leads.models.lead_person import PERSON_STAYS  # noqa: F401  (a guard on a table of cases)
from leads.models.optout import OptOut
from leads.models.photo import GalleryPhoto, GallerySubject
from leads.models.probe import ProbeFaces
from leads.models.purpose import PurposeException
from leads.models.reading import PacketReading
from leads.models.replay import SearchReplay
from leads.models.search import SearchRequest
from leads.models.self_opened import CaseAcceptance, Veil
from leads.models.signoff import LeadSignoff
from leads.models.source import GallerySource
from leads.models.warrant import WarrantApplication, WarrantDecision

__all__ = [
    "Candidate",
    "CaseAcceptance",
    "Corroboration",
    "CorroborationVerification",
    "Examination",
    "ExaminationDraft",
    "ExaminationRequest",
    "ExculpatoryAnswer",
    "ExculpatoryEntry",
    "FaceVector",
    "GalleryFace",
    "GalleryPhoto",
    "GallerySource",
    "GallerySubject",
    "Identity",
    "IdentityAnswer",
    "ImportBatch",
    "ImportReject",
    "Lead",
    "LeadSignoff",
    "ModelCard",
    "OptOut",
    "PacketReading",
    "ProbeFaces",
    "PurposeException",
    "SearchDraft",
    "SearchReplay",
    "SearchRequest",
    "Veil",
    "WarrantApplication",
    "WarrantDecision",
    "WarrantStep",
]
