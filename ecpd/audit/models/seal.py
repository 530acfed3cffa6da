"""What the sealer writes: the chain's links, which events wait for theirs, and that it is alive."""

from typing import ClassVar

from django.db import models

from ecpd.audit.models.event import AuditEvent
from ecpd.audit.records import Ledger
from ecpd.checks.json_field import JSONField


class ChainSeal(Ledger):
    """An event's place in the chain. Numbers have no gap; each link holds the seal before it.

    hash = SHA-256(previous_hash, number, sealed_at, digest of salt and canonical text of the event), see docs/verify.md.
    """

    row_seal: ClassVar[bool] = False
    unsealed_because = "It is the seal of the entries."
    application_may = "SELECT"

    number = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal", db_constraint=False)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    salt = models.CharField(max_length=32, blank=True, db_default="", help_text="Empty: sealed before format 3.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class Unsealed(models.Model):
    """The key of an event that waits for its seal. Rows come from the event's own trigger and go with the seal.

    `digest`: SHA-256 of the entry's canonical text when it was written; one that says something else by now is not sealed.
    """

    application_may = "SELECT"

    event_id = models.BigIntegerField(primary_key=True)
    digest = models.CharField(
        max_length=64, blank=True, db_default="", help_text="Empty: written before there was one."
    )

    class Meta:
        verbose_name_plural = "unsealed"

    def __str__(self) -> str:
        return f"Entry {self.event_id} waits"


class RowShape(Ledger):
    """The columns that a table's rows were sealed with, so that a column added later breaks no seal."""

    row_seal: ClassVar[bool] = False
    unsealed_because = "Each digest is made over the names of the columns as well."
    application_may = "SELECT"

    table_name = models.CharField(max_length=63)
    columns = JSONField()
    by_hash = JSONField(default=list, help_text="Columns that stand in the digest by their SHA-256.")

    class Meta(Ledger.Meta):
        abstract = False
        indexes = [models.Index(fields=["table_name"], name="audit_shape_table")]

    def __str__(self) -> str:
        return f"{self.table_name}: {len(self.columns)} columns"


class Sealer(models.Model):
    """The one row of the sealer's process: its sign of life, and its lock, which no other role can take."""

    application_may = "SELECT"

    id = models.PositiveSmallIntegerField(primary_key=True)
    seen_at = models.DateTimeField(null=True)
    checking = models.CharField(max_length=200, blank=True, help_text="How far a running verification is.")

    class Meta:
        constraints = [models.CheckConstraint(name="audit_one_sealer", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "The sealer"
