"""Models of the audit log."""

from ecpd.audit.models.chain import ChainCheck, ChainHead
from ecpd.audit.models.event import AuditEvent

__all__ = ["AuditEvent", "ChainCheck", "ChainHead"]
