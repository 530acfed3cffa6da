"""PlateQuery: every look at plate data (PK-06); PlateHold: what is kept beyond its time; PlatePurge: what left."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger, Record, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from parking.models.plate_guards import in_one_spelling


class PlateQuery(Ledger):
    """One access to plate data: when, who, of which organization, for what purpose, asking what (Civ. Code 1798.90.52)."""

    class Purpose(models.TextChoices):
        """Why somebody looks. The usage policy names these; immigration enforcement is not among them."""

        PARKING = "parking", "Parking enforcement"
        CITATION = "citation", "A citation or contest"
        PERMIT = "permit", "A permit"
        ABANDONED = "abandoned", "Abandoned or stored vehicle"
        STOLEN = "stolen", "Stolen or wanted vehicle"
        INVESTIGATION = "investigation", "Criminal investigation"
        MISSING = "missing", "Missing or at-risk person"
        AUDIT = "audit", "Audit of access"
        DISCLOSURE = "disclosure", "Disclosure the law asks for"

    class Channel(models.TextChoices):
        """How."""

        SCREEN = "screen", "Screen"
        EXPORT = "export", "Export"
        API = "api", "API"
        SHARING = "sharing", "Sharing"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plate_queries")
    organization = models.CharField(max_length=120)
    purpose = models.CharField(max_length=14, choices=Purpose.choices)
    reason = models.TextField(help_text="In words; with a case or citation number where there is one.")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SCREEN)
    terms = JSONField(shape="o", help_text="The plate or other data elements of the query.")
    results = models.PositiveIntegerField(default=0)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="pk_06_says_who_and_why",
                condition=says("organization") & says("purpose") & says("reason") & ~Q(terms={}),
                violation_error_message="An access to plate data says who, of which organization, what and why.",
            )
        ]
        indexes = [models.Index(fields=["user", "-at"], name="plate_query_user")]
        verbose_name = "look at plate data"
        verbose_name_plural = "looks at plate data"

    def __str__(self) -> str:
        return f"Plate query {self.pk}"


class PlateHold(Record):
    """Plate data that must stay: a claim, a case, a contest. While it stands nothing it names is deleted."""

    plate = models.CharField(max_length=12)
    plate_state = models.CharField(max_length=6, blank=True)
    since = models.DateTimeField("reads from", null=True, blank=True)
    until = models.DateTimeField("reads to", null=True, blank=True)
    reason = models.TextField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_reason = models.TextField(blank=True)

    once = ("released_by_id", "released_at", "released_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            in_one_spelling("pk_05_hold_in_one_spelling", state=False),
            models.CheckConstraint(
                name="ac_07_hold_released_reason",
                condition=Q(released_at__isnull=True) | says("released_reason"),
                violation_error_message="A hold is released with a reason.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("pk_05_hold_fixed", ["plate", "plate_state", "since", "until", "reason", "placed_by_id"], "PK-05",
                      "A hold is released, never rewritten."),
        ]  # fmt: skip
        verbose_name = "plate data that must stay"
        verbose_name_plural = "plate data that must stay"

    def __str__(self) -> str:
        return f"Hold on {self.plate}"


class PlatePurge(Ledger):
    """Proof of a deletion: under which resolution, up to when, how many of what, and a digest of what it was."""

    at = models.DateTimeField(auto_now_add=True)
    before = models.DateTimeField(help_text="Reads captured before this were due.")
    retention_days = models.PositiveIntegerField()
    resolution = models.CharField(max_length=120)
    reads = models.PositiveIntegerField()
    images = models.PositiveIntegerField()
    stays = models.PositiveIntegerField()
    batches = models.PositiveIntegerField()
    kept = models.PositiveIntegerField(help_text="Due, and exempt: evidence or held.")
    digest = models.CharField(max_length=64, help_text="SHA-256 over the ids and hashes of what left, in order.")
    left_over = models.PositiveIntegerField(default=0, help_text="Counted afterwards: due, not exempt, still there.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name = "deletion of plate data"
        verbose_name_plural = "deletions of plate data"

    def __str__(self) -> str:
        return f"Purge {self.pk}"
