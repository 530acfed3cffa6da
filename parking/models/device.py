"""Device: a plate reader that may send reads; DeviceToken: the secret in its address, kept as a hash only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.fixed import ALWAYS, never_later, while_empty
from ecpd.audit.records import Record, unchanged
from ecpd.audit.sealed import Seal
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says


class Device(Record):
    """A reader on a car or a pole. It acts for the person who registered it, whose role must still allow that."""

    may_change = {"last_seen_at": ALWAYS, "skew_seconds": ALWAYS, "registered_by_id": while_empty("retired_at")}

    row_seal = Seal(left_out=("last_seen_at", "skew_seconds"))  # renewed with each delivery

    class Format(models.TextChoices):
        """What it speaks."""

        CANONICAL = "canonical", "ECPD batches"
        REKOR = "rekor", "Rekor or OpenALPR agent"
        PLATE_RECOGNIZER = "platerecognizer", "Plate Recognizer Stream"
        SHARPV = "sharpv", "Genetec SharpV"

    name = models.CharField(max_length=80, unique=True)
    car = models.CharField("car or place it is mounted on", max_length=80, blank=True)
    format = models.CharField(max_length=20, choices=Format.choices, default=Format.CANONICAL)
    time_zone = models.CharField(
        max_length=60, blank=True, help_text="For readers that send times without an offset; empty refuses such times."
    )
    camera_sides = JSONField(
        shape={"all": "s"}, default=dict, blank=True, help_text='Which side each camera looks to: {"1": "R", "2": "L"}.'
    )
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    skew_seconds = models.FloatField(null=True, blank=True, help_text="Its clock against ours; positive is ahead.")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.TextField(blank=True)

    once = ("retired_at", "retired_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="ac_07_device_retired_reason",
                condition=Q(retired_at__isnull=True) | says("retired_reason"),
                violation_error_message="A reader is retired with a reason.",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("ac_07_device_fixed", ["registered_at"], "AC-07", "When a reader was registered stays."),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceToken(Record):
    """A secret that opens the ingest for one device; only its SHA-256 is kept."""

    may_change = {"valid_until": never_later("valid_until")}

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    valid_until = models.DateTimeField(
        null=True, blank=True, help_text="Set when a new one is issued: the old one works a little longer."
    )

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        triggers = [
            *Record.Meta.triggers,
            unchanged(
                "ac_07_token_fixed", ["device_id", "digest", "issued_at"], "AC-07", "A token is never rewritten."
            ),
        ]

    def __str__(self) -> str:
        return f"Token of {self.device}, {self.digest[:6]}…"
