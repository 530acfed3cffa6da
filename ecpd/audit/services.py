"""Writing to the record of conduct, and asking for its verification."""

from typing import Any

from django.db.models import Model

from ecpd.audit import context, labels
from ecpd.audit.models import CheckRequest, Conduct, StampRequest
from ecpd.checks.plain import printable


def record(
    *,
    actor: Any,
    action: str,
    subject: Model | None = None,
    case_number: str = "",
    decision_id: int | None = None,
    **detail: Any,
) -> Conduct:
    """Put on the record what no other row tells of: who did what to which thing. The database makes the entry of it.

    `actor` is a user, or None: then `actor_label` is one of `ecpd.audit.labels`, the system by default. A decision that is
    named must be one of this transaction, of this person, for this action. `detail` must be JSON.
    """
    known = bool(getattr(actor, "pk", None))
    return Conduct.objects.create(
        actor=actor if known else None,
        actor_label=printable(str(actor), 200) if known else str(detail.pop("actor_label", labels.SYSTEM)),
        action=action,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=printable(str(subject), 200) if subject is not None else "",
        case_number=case_number,
        decision_id=decision_id,
        detail=detail,
        ip_address=context.current().ip_address,
    )


def ask_for_check(*, requested_by: Any = None) -> CheckRequest:
    """Ask for a verification of the whole chain; the sealer's process makes it and keeps the result."""
    return CheckRequest.objects.create(requested_by=requested_by)


def ask_for_stamp(*, requested_by: Any = None) -> StampRequest:
    """Ask for a time stamp of the newest entry; the sealer's process has it made and keeps the token."""
    return StampRequest.objects.create(requested_by=requested_by)
