"""Models of cases."""

from cases.models.access import CaseAccess
from cases.models.case import Case, CaseAssignment
from cases.models.evidence import CustodyEntry, Evidence
from cases.models.file import StoredFile
from cases.models.matter import CaseLink, IncidentNumber
from cases.models.note import CaseNote
from cases.models.offense import NibrsOffense
from cases.models.person import NotSamePerson, Person, PersonMerge
from cases.models.timeline import TimelineEntry

__all__ = [
    "Case",
    "CaseAccess",
    "CaseAssignment",
    "CaseLink",
    "CaseNote",
    "CustodyEntry",
    "Evidence",
    "IncidentNumber",
    "NibrsOffense",
    "NotSamePerson",
    "Person",
    "PersonMerge",
    "StoredFile",
    "TimelineEntry",
]
