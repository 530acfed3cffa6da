"""ChainHead: a seal noted outside the chain. ChainCheck: the result of one verification."""

from django.conf import settings
from django.db import models

from ecpd.audit.records import Ledger


class ChainHead(Ledger):
    """The newest entry's number and seal at one moment; a chain that no longer reaches it was cut."""

    noted_at = models.DateTimeField(auto_now_add=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    kept_at = models.CharField(max_length=200, help_text="Where a copy is kept outside this database.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-noted_at"]

    def __str__(self) -> str:
        return f"Seal of entry {self.number}"


class ChainCheck(Ledger):
    """One verification of the whole chain."""

    class Result(models.TextChoices):
        """What a verification found."""

        INTACT = "intact", "Intact"
        BROKEN = "broken", "Broken"

    checked_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entries = models.BigIntegerField()
    result = models.CharField(max_length=10, choices=Result.choices)
    findings = models.JSONField(default=list, help_text="Each broken entry: number, kind of break, sentence.")
    head_hash = models.CharField(max_length=64)
    seconds = models.FloatField()

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-checked_at"]

    def __str__(self) -> str:
        return f"{self.get_result_display()}, {self.entries} entries"
