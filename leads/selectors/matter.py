"""Reads of what ties the cases of a matter."""

from collections.abc import Iterable

from django.db.models import Q

from cases.models import Case, CaseLink, IncidentNumber

WHO = ("entered_by", "withdrawn_by")


def numbers_of_the_matter(matter: Iterable[Case]) -> list[IncidentNumber]:
    """The numbers of the incident of these cases, those taken back among them, the oldest first."""
    found = IncidentNumber.objects.filter(case__in=[case.pk for case in matter])
    return list(found.select_related("case", *WHO).order_by("pk"))


def links_of_the_matter(matter: Iterable[Case]) -> list[CaseLink]:
    """The links from or to these cases, those taken back among them, the oldest first."""
    keys = [case.pk for case in matter]
    found = CaseLink.objects.filter(Q(case__in=keys) | Q(other__in=keys))
    return list(found.select_related("case__captain", "other__captain", *WHO).order_by("pk"))
