"""Looking at plate data, and keeping it beyond its time (PK-06, PK-05)."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.checks.letters import readable
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import PlateHold, PlateQuery


def look(
    *,
    user: User,
    purpose: str,
    reason: str,
    terms: dict[str, Any],
    channel: str = PlateQuery.Channel.SCREEN,
    results: int = 0,
) -> PlateQuery:
    """Record a look at plate data before it is shown (Civ. Code 1798.90.52). Raises PolicyDenied without a reason."""
    action = "plate.query" if channel != PlateQuery.Channel.EXPORT else "plate.export"
    with policy.door(user, action, None, justification=reason, purpose=purpose, terms=terms):
        return PlateQuery.objects.create(
            user=user,
            organization=settings.ORGANIZATION,
            purpose=purpose,
            reason=reason.strip(),
            channel=channel,
            terms=terms,
            results=results,
        )


def note_work(
    *,
    user: User,
    purpose: str,
    reason: str,
    terms: dict[str, Any],
    results: int = 1,
    channel: str = PlateQuery.Channel.SCREEN,
) -> PlateQuery:
    """Record that a person's own work showed plate data (an alert in the console, a citation), purpose given by it.

    What was typed is kept without NUL characters, which JSON in the database cannot hold; what nobody could read (a lone
    mark, a broken character) is kept as its code points.
    """
    terms = {name: readable(value) if isinstance(value, str) else value for name, value in terms.items()}
    return PlateQuery.objects.create(
        user=user,
        organization=settings.ORGANIZATION,
        purpose=purpose,
        reason=reason,
        terms=terms,
        results=results,
        channel=channel,
    )


def place_hold(*, actor: User, plate: str, reason: str, plate_state: str = "", since=None, until=None) -> PlateHold:
    """Keep what was read of a plate from being deleted, from now until it is released."""
    hold = PlateHold(
        plate=plate, plate_state=plate_state, since=since, until=until, reason=reason.strip(), placed_by=actor
    )
    with policy.door(actor, "plate.hold", hold, justification=reason):
        hold.full_clean()
        hold.save()
    return hold


def release_hold(*, hold: PlateHold, actor: User, reason: str) -> PlateHold:
    """Let held reads go the way of all others. Raises StaleState when it is released already."""
    with policy.door(actor, "plate.hold", hold, justification=reason, shown=seen(None, lambda: of_row(hold))):
        if hold.released_at is not None:
            raise StaleState("This hold is released already.")
        hold.released_at, hold.released_by, hold.released_reason = timezone.now(), actor, reason.strip()
        hold.save(update_fields=["released_at", "released_by", "released_reason"])
    return hold
