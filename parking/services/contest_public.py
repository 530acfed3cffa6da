"""Opening a citation on the public page: number and plate together, and only so many tries."""

from django.db import transaction
from django.utils import timezone

from ecpd.policy import engine as policy
from parking.models import Citation, ContestLookup
from parking.services.tries import HOUR, TooManyTries, keyed, one_at_a_time, refuse_too_fast

__all__ = ["TooManyTries", "open_citation"]


@transaction.atomic
def open_citation(*, number: str, plate: str, address: str) -> Citation | None:
    """The citation with this number on this plate, or None, which never says what was wrong. Raises TooManyTries.

    `address` is the network address; only a keyed hash of it is kept, for a day.
    """
    key = keyed(address)
    one_at_a_time(key)
    _refuse_too_fast(key, number)
    citation = Citation.objects.filter(number=number, plate=plate).first()
    ContestLookup.objects.create(address=key, number=number, found=citation is not None)
    return citation


def _refuse_too_fast(key: str, number: str) -> None:
    """Failures count against the address that made them.

    While somebody guesses at one citation, whoever fails at it waits after the first time: plates are not tried from
    many addresses, and the owner, who has the right one, is let in.
    """
    now, most = timezone.now(), int(policy.parameter("contest_tries_per_hour"))
    failed = ContestLookup.objects.filter(found=False, at__gte=now - HOUR)
    guessed_at = failed.filter(number=number).count() >= most
    refuse_too_fast(
        list(failed.filter(address=key).values_list("at", flat=True)), free=1 if guessed_at else most, now=now
    )
