"""ChainHead: a seal noted outside the chain. CheckRequest: somebody asks for a verification. ChainCheck: its result."""

from collections import Counter
from typing import ClassVar

from django.conf import settings
from django.db import models

from ecpd.audit.records import Ledger
from ecpd.checks.json_field import JSONField


class ChainHead(Ledger):
    """The newest entry's number and seal at one moment; a chain that no longer reaches it was cut."""

    row_seal: ClassVar[bool] = False
    unsealed_because = "Written by the sealer, beside the chain that it seals."
    application_may = "SELECT"

    noted_at = models.DateTimeField(auto_now_add=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    kept_at = models.CharField(max_length=200, help_text="Where a copy is kept outside this database.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-noted_at"]
        verbose_name = "noted seal"
        verbose_name_plural = "noted seals"

    def __str__(self) -> str:
        return f"Seal of entry {self.number}"


class AskedOfSealer(Ledger):
    """Somebody, or the schedule, asks for what only the sealer's process may do."""

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: the schedule.",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = True
        ordering = ["-id"]


class CheckRequest(AskedOfSealer):
    """The chain is to be verified now; the sealer's process does it."""

    class Meta(AskedOfSealer.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"Verification asked for by {self.requested_by or 'the schedule'}"


class ChainCheck(Ledger):
    """One verification of the whole chain and of every sealed row. Written by the sealer's role."""

    row_seal: ClassVar[bool] = False
    unsealed_because = "Written by the sealer, beside the chain that it seals."
    application_may = "SELECT"

    class Result(models.TextChoices):
        """What a verification found."""

        INTACT = "intact", "Intact"
        BROKEN = "broken", "Broken"

    checked_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    request = models.OneToOneField(CheckRequest, null=True, on_delete=models.PROTECT, related_name="done_by")
    entries = models.BigIntegerField()
    rows = models.BigIntegerField(default=0)
    result = models.CharField(max_length=10, choices=Result.choices)
    findings = JSONField(default=list, help_text="Each broken entry: number, kind of break, sentence.")
    hands = JSONField(
        default=list,
        help_text="Database role, table, and how many of its rows that role's sessions changed or removed.",
    )
    foreign = JSONField(
        default=list, help_text="Entries whose time stamps are of another authority than the installation's."
    )
    head_hash = models.CharField(max_length=64)
    seconds = models.FloatField()

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-checked_at"]
        verbose_name = "verification of the chain"
        verbose_name_plural = "verifications of the chain"

    def __str__(self) -> str:
        return f"{self.get_result_display()}, {self.entries} entries"

    @property
    def by_role(self) -> dict[str, int]:
        """How many rows the sessions of each database role changed or removed, the busiest first."""
        told: Counter[str] = Counter()
        for role, _, count in self.hands:
            told[role] += count
        return dict(told.most_common())
