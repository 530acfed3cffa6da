"""Models of the audit log."""

from ecpd.audit.models.chain import ChainCheck, ChainHead, CheckRequest
from ecpd.audit.models.conduct import Conduct
from ecpd.audit.models.event import AuditEvent
from ecpd.audit.models.seal import ChainSeal, RowShape, Sealer, Unsealed
from ecpd.audit.models.stamp import Stamp, StampRequest

__all__ = [
    "AuditEvent",
    "ChainCheck",
    "ChainHead",
    "ChainSeal",
    "CheckRequest",
    "Conduct",
    "RowShape",
    "Sealer",
    "Stamp",
    "StampRequest",
    "Unsealed",
]
