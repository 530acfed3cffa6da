"""Reads of what ties the cases of a matter."""

from collections.abc import Iterable

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from cases.models import Case, CaseLink, IncidentNumber
from leads.models.matter_v3 import LINK, NUMBER

WHO = ("entered_by", "withdrawn_by")
# What was taken back still ties, unless a case was empty then (`ecpd_matter`).
NUMBER_TIES = RawSQL(NUMBER.format("cases_incidentnumber"), [], output_field=BooleanField())
LINK_TIES = RawSQL(LINK.replace("l.", "cases_caselink."), [], output_field=BooleanField())


def numbers_of_the_matter(matter: Iterable[Case]) -> list[IncidentNumber]:
    """The numbers of the incident of these cases, those taken back among them, the oldest first; `ties`: it does."""
    found = IncidentNumber.objects.filter(case__in=[case.pk for case in matter]).annotate(ties=NUMBER_TIES)
    return list(found.select_related("case", *WHO).order_by("pk"))


def links_of_the_matter(matter: Iterable[Case]) -> list[CaseLink]:
    """The links from or to these cases, those taken back among them, the oldest first; `ties`: it does."""
    keys = [case.pk for case in matter]
    found = CaseLink.objects.filter(Q(case__in=keys) | Q(other__in=keys)).annotate(ties=LINK_TIES)
    return list(found.select_related("case__captain", "other__captain", *WHO).order_by("pk"))
