"""Opening a citation on the public page: number and plate together, and only so many tries."""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ecpd.policy import engine as policy
from ecpd.problem import ProblemError
from parking.models import Citation, ContestLookup

HOUR = timedelta(hours=1)


class TooManyTries(ProblemError):
    """More failed tries than the manual lets one address, or one citation, have in an hour."""

    code = "too_many_tries"
    title = "Too many tries"
    status = 429


def open_citation(*, number: str, plate: str, address: str) -> Citation | None:
    """The citation with this number on this plate, or None, which never says what was wrong. Raises TooManyTries.

    `address` is the network address; only a keyed hash of it is kept, for a day.
    """
    key = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()
    _refuse_too_many(key, number)
    citation = Citation.objects.filter(number=number, plate=plate).first()
    ContestLookup.objects.create(address=key, number=number, found=citation is not None)
    return citation


def _refuse_too_many(key: str, number: str) -> None:
    failed = ContestLookup.objects.filter(Q(address=key) | Q(number=number), found=False, at__gte=timezone.now() - HOUR)
    counts = list(failed.values_list("address", "number"))
    most = int(policy.parameter("contest_tries_per_hour"))
    by_address, by_number = sum(a == key for a, _ in counts), sum(n == number for _, n in counts)
    if max(by_address, by_number) >= most:
        phone = policy.parameter("citation_phone")
        raise TooManyTries(f"Number and plate did not fit too often. Wait an hour, or call {phone}.")
