"""Exhibits that are one and the same to a rule, as `leads.models.kin` says in the database."""

from collections.abc import Iterable

from django.db.models import Q

from cases.models import Evidence


def kin_of(exhibits: Iterable[int]) -> set[int]:
    """These exhibits' keys with those of all that share a file with them or were made of them; reads level by level."""
    found: set[int] = set()
    newest = set(exhibits)
    while newest:
        found |= newest
        known = list(Evidence.objects.filter(pk__in=newest).values_list("file_id", "derived_from_id"))
        files = {file for file, _ in known if file is not None}
        originals = {original for _, original in known if original is not None}
        near = Q(pk__in=originals) | Q(file__in=files) | Q(derived_from__in=newest)
        newest = set(Evidence.objects.filter(near).order_by().values_list("pk", flat=True)) - found
    return found
