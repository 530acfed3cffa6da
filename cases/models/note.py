"""CaseNote: something a person wrote down. A correction is another note."""

import pgtrigger
from django.conf import settings
from django.db import models

from cases.models.by_name import adds, by_name
from cases.models.case import Case
from cases.models.one_case import one_case
from ecpd.audit.anchors import in_case
from ecpd.audit.records import Ledger, recorded_now


class CaseNote(Ledger):
    """A note; it stays as it was written."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        triggers = [
            *Ledger.Meta.triggers,
            in_case("NEW.case_id", on=pgtrigger.Insert),
            recorded_now("fr_13_noted_now", "at"),
            one_case({"corrects_id": "cases_casenote"}),
            by_name("author_id"),
            adds("author_id"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
