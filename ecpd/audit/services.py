"""Writing to the chain of conduct."""

from typing import Any

from django.db.models import Model

from ecpd.audit import context
from ecpd.audit.models import AuditEvent


def record(
    *,
    actor: Any,
    action: str,
    subject: Model | None = None,
    case_number: str = "",
    decision_id: int | None = None,
    **detail: Any,
) -> AuditEvent:
    """Add one entry to the chain: who did what to which thing.

    `actor` is a user, or None for the system or an unknown person. Inside `held_back()` the entry is written when
    the block ends. `detail` must be JSON.
    """
    event = AuditEvent(
        actor=actor if getattr(actor, "pk", None) else None,
        actor_label=_label(actor) if getattr(actor, "pk", None) else str(detail.pop("actor_label", "System")),
        action=action,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=str(subject)[:200] if subject is not None else "",
        case_number=case_number,
        decision_id=decision_id,
        detail=detail,
        ip_address=context.current().ip_address,
    )
    pending = context.current().pending
    if pending is None:
        event.save(force_insert=True)
    else:
        pending.append(event)
    return event


def _label(actor: Any) -> str:
    return str(actor)[:200]
