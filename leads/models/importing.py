"""ImportBatch: one import into the gallery, with its progress and each rejected file's reason."""

from django.conf import settings
from django.db import models

from cases.models import StoredFile
from ecpd.audit.fixed import as_it_leaves, while_in
from ecpd.audit.records import Ledger, Record
from ecpd.audit.sealed import Seal
from leads.models.source import GallerySource


class ImportBatch(Record):
    """An import from a folder, a CSV or an uploaded archive."""

    may_change = dict.fromkeys(
        ("state", "attempts", "total", "imported", "duplicates", "rejected", "heartbeat_at"),
        while_in("state", "queued", "running"),
    ) | {"error": as_it_leaves("state", "queued", "running", to=("failed",))}

    row_seal = Seal(left_out=("heartbeat_at", "imported", "duplicates", "rejected"))  # counted with each photo

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    source = models.ForeignKey(GallerySource, on_delete=models.PROTECT, related_name="batches")
    label = models.CharField(max_length=300)
    archive = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    once = ("finished_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Import {self.pk}: {self.label}"

    @property
    def handled(self) -> int:
        """Files dealt with so far."""
        return self.imported + self.duplicates + self.rejected

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in (self.State.DONE, self.State.FAILED)


class ImportReject(Ledger):
    """A file that was not imported, and why."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rejects")
    name = models.CharField(max_length=500)
    code = models.CharField(max_length=30)
    reason = models.CharField(max_length=300)

    class Meta(Ledger.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(name="import_reject_once", fields=["batch", "name"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"
