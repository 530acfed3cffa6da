"""Stay: one vehicle seen in one zone, from its first read to its last; Sighting: the reads it rests on."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from parking.models.read import Read
from parking.models.zone import Zone


class Stay(models.Model):
    """What the engine knows of one vehicle in one zone. Not a record: it leaves with its reads (PK-05)."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="stays")
    plate = models.CharField(max_length=12)
    plate_state = models.CharField(max_length=6, blank=True)
    keys = ArrayField(models.CharField(max_length=12), help_text="Deletion neighborhood of the plate, for joining.")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="When it will have overstayed, limit and grace included.")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    exact = models.BooleanField(default=True, help_text="Every read has the same letters.")
    data = models.JSONField(default=dict, help_text="The engine's own value (parking.overtime.stay).")
    finding = models.JSONField(null=True, help_text="An overstay found and not yet raised or stopped.")
    stopped_why = models.JSONField(null=True, help_text="Why an overstay raised no alert: a permit, an exemption.")

    class Meta:
        ordering = ["-last_at"]
        indexes = [
            models.Index(fields=["zone", "last_at"], name="stay_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["due_at"], name="stay_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["plate", "last_at"], name="stay_plate"),
            models.Index(fields=["id"], name="stay_found", condition=Q(finding__isnull=False)),
            GinIndex(fields=["keys"], name="stay_keys"),
        ]

    def __str__(self) -> str:
        return f"{self.plate} in {self.zone}"


class Sighting(models.Model):
    """A read that belongs to a stay."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="sightings")
    read = models.OneToOneField(Read, on_delete=models.CASCADE, related_name="sighting")
    exact = models.BooleanField(default=True)
    reasons = models.JSONField(default=list)

    class Meta:
        ordering = ["read__captured_at"]

    def __str__(self) -> str:
        return f"{self.read} of {self.stay}"
