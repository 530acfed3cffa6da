"""The seven-part usage policy: drafted by one person, published by the chief, withdrawn with a reason (PK-09)."""

from django.db.models import Max
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import PlatePolicy
from parking.models.plate_policy import PARTS

EDITABLE = (*PARTS, "public_comment_on", "public_comment_at")


def draft_policy(*, actor: User, **parts) -> PlatePolicy:
    """Begin a version. `parts` are those of EDITABLE that are written already. Raises ValidationError."""
    draft = PlatePolicy(drafted_by=actor, **{name: parts[name] for name in EDITABLE if name in parts})
    with policy.door(actor, "plate_policy.draft", draft):
        draft.number = (PlatePolicy.objects.aggregate(top=Max("number"))["top"] or 0) + 1
        draft.full_clean()
        draft.save()
    return draft


def edit_draft(*, draft: PlatePolicy, actor: User, **parts) -> PlatePolicy:
    """Write on an unpublished version. Raises StaleState when it is published."""
    with policy.door(actor, "plate_policy.draft", draft, shown=seen(None, lambda: of_row(draft))):
        if draft.published_at is not None:
            raise StaleState("This version is published. Draft a new one.")
        for name in EDITABLE:
            if name in parts:
                setattr(draft, name, parts[name])
        draft.full_clean()
        draft.save()
    return draft


def publish_policy(*, draft: PlatePolicy, actor: User) -> PlatePolicy:
    """Put a whole version in force; reads are accepted from now on."""
    with policy.door(actor, "plate_policy.publish", draft, shown=seen(None, lambda: of_row(draft))):
        draft.published_at, draft.published_by = timezone.now(), actor
        draft.save(update_fields=["published_at", "published_by"])
    return draft


def withdraw_policy(*, published: PlatePolicy, actor: User, reason: str) -> PlatePolicy:
    """Take a version out of force; without another published one no read is accepted any more."""
    facts = {"shown": seen(None, lambda: of_row(published))}
    with policy.door(actor, "plate_policy.withdraw", published, justification=reason, **facts):
        if published.published_at is None or published.withdrawn_at is not None:
            raise StaleState("Only a version in force can be withdrawn.")
        published.withdrawn_at, published.withdrawn_reason = timezone.now(), reason.strip()
        published.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return published
