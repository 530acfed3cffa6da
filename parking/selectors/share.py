"""Agencies that may receive plate data, and which of them a text names (PK-08)."""

from django.db.models import QuerySet

from parking.models import PartnerAgency, PublicAgency
from parking.never_shared import as_words


def listed_agencies() -> QuerySet[PublicAgency]:
    """The owner's list as it stands."""
    return PublicAgency.objects.filter(withdrawn_at=None)


def may_ask() -> QuerySet[PartnerAgency]:
    """The register: who may be given plate data on a request."""
    return PartnerAgency.objects.filter(withdrawn_at=None, listed__withdrawn_at=None, listed__isnull=False)


def left_out() -> QuerySet[PartnerAgency]:
    """Agencies that are in the register and not, or no longer, on the owner's list: nothing goes to them."""
    return PartnerAgency.objects.filter(withdrawn_at=None).exclude(pk__in=may_ask())


def others_named(agency: PartnerAgency, *texts: str) -> list[str]:
    """The agencies of the list that these texts name beside this one; the database asks the same."""
    said = as_words(" ".join(texts)).replace(as_words(agency.name), " ")
    others = PublicAgency.objects.exclude(pk=agency.listed_id)
    return [other.name for other in others if as_words(other.name) in said]
