"""AuditEvent: one row that was written, by whom and behind which decision; what the chain is made of (AU-01)."""

from django.conf import settings
from django.db import models

from ecpd.audit.records import Ledger
from ecpd.checks.json_field import JSONField
from ecpd.web.words import action as action_words


class AuditEvent(Ledger):
    """A row of a sealed table was added or changed, and what it was then: the digest of its canonical text.

    Written by the database alone (`ecpd_seal_row`), without any lock; the sealer chains it (ChainSeal). What people
    did stands in the rows of `policy_decision` and `audit_conduct`; their events carry it in words, for reading.
    Entries of format 1 are older: conduct only, sealed when they were written.
    """

    class Operation(models.TextChoices):
        """What was done to the row."""

        ADDED = "I", "Added"
        CHANGED = "U", "Changed"
        REMOVED = "D", "Removed"
        FOUND = "G", "Found when sealing began"

    row_seal = False
    unsealed_because = "It is what seals the others."
    application_may = "SELECT"

    format = models.PositiveSmallIntegerField(default=2, editable=False)
    at = models.DateTimeField(db_index=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        help_text="The person of the decision; without one, the person whom the application named.",
    )
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    case_number = models.CharField(max_length=20, blank=True, db_index=True)
    decision_id = models.BigIntegerField(null=True, blank=True, help_text="Empty: nobody's decision stands behind it.")
    detail = JSONField(default=dict, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    table_name = models.CharField("table", max_length=63, blank=True)
    row_id = models.CharField("row", max_length=64, blank=True)
    operation = models.CharField(max_length=1, choices=Operation.choices, blank=True)
    shape_id = models.BigIntegerField(null=True, blank=True, help_text="Which columns the digest is made of.")
    digest = models.CharField("SHA-256 of the row", max_length=64, blank=True)
    session_name = models.CharField("database role", max_length=63, blank=True)
    backend = models.BigIntegerField("database session", null=True, blank=True)
    txid = models.BigIntegerField("transaction", null=True, blank=True)
    application = models.CharField(max_length=64, blank=True)
    client = models.GenericIPAddressField("database client", null=True, blank=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name = "entry of the audit chain"
        verbose_name_plural = "audit chain"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject"),
            models.Index(fields=["table_name", "row_id", "id"], name="audit_event_row"),
            # By which an event finds the decision that was made in its own transaction.
            models.Index(
                fields=["txid"], condition=models.Q(table_name="policy_decision"), name="audit_event_decision"
            ),
        ]

    def __str__(self) -> str:
        done = f"{self.actor_label}: {action_words(self.action)}"
        return f"{self.number or 'Unsealed'} {done}. {self.subject_label}".strip()

    @property
    def number(self) -> int | None:
        """Its place in the chain, or None while it waits for its seal."""
        seal = getattr(self, "seal", None)
        return seal.number if seal else None

    @property
    def hash(self) -> str:
        """Its seal, empty while it waits for it."""
        seal = getattr(self, "seal", None)
        return seal.hash if seal else ""
