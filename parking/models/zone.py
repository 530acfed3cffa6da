"""Zone: a stretch of curb; CurbPolicy: its rules, immutable; ZonePolicy: which held when; areas, spaces, streets."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.fixed import while_empty
from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from parking.models.shapes import CURB, GEOMETRY, drawable

ENDED_STAYS = f"""
IF OLD.ends_at IS NOT NULL AND NEW.ends_at IS DISTINCT FROM OLD.ends_at THEN
    {refuse("PK-16", "A zone that has ended stays ended.")}
END IF;
IF OLD.ends_at IS NULL AND NEW.ends_at IS NOT NULL AND NOT public.ecpd_says_something(NEW.ended_reason) THEN
    {refuse("PK-16", "Whoever ends a zone says why.")}
END IF;
"""


class CurbImport(Ledger):
    """A file of curb data that was imported whole."""

    file_name = models.CharField(max_length=255)
    format = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    counts = JSONField(shape={"all": "n"}, default=dict)
    warnings = JSONField(shape={"each": "s"}, default=list)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class CurbPolicy(Ledger):
    """Curb rules under an id that stands for its content for ever: an edit makes a new one (CDS)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    priority = models.IntegerField(help_text="The lowest wins.")
    content = JSONField(
        shape=CURB,
        help_text="The policy in the words of CDS 1.1.",
        dates={"$.published_ms": "As the city's feed says, in milliseconds; a rule is written before it holds."},
    )
    words = models.TextField(help_text="The rules in a sentence.")
    published_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["priority"]
        verbose_name_plural = "curb policies"

    def __str__(self) -> str:
        return self.words


class CurbArea(Record):
    """A neighborhood of zones, for permits and for stays measured over it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120, blank=True)
    geometry = JSONField(shape=GEOMETRY)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    once = ("ends_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["name"]
        constraints = [drawable("pk_16_area_drawable")]

    def __str__(self) -> str:
        return self.name or str(self.id)


class Zone(Record):
    """A stretch of curb with one regulation. A changed geometry is a new zone; changed policies keep the zone.

    `enforced`: alerts are raised in it. That needs the resolution it rests on and the date its signs went up (PK-16).
    """

    may_change = dict.fromkeys(
        (
            *("name", "user_zone_id", "scope", "no_return_distance_m", "resolution", "signs_since", "enforced"),
            "updated_at",
        ),
        while_empty("ends_at"),
    )
    born_with = ("scope", "no_return_distance_m", "signs_since", "enforced", "ends_at")  # an import may know its end

    class Scope(models.TextChoices):
        """What one stay is measured over."""

        SPACE = "space", "The same space"
        BLOCK_FACE = "block_face", "One side of the block"
        BOTH_SIDES = "both_sides", "Both sides of the block"
        AREA = "area", "The whole area"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120, blank=True)
    user_zone_id = models.CharField("number on the sign", max_length=40, blank=True)
    street = models.CharField(max_length=120, blank=True)
    cross_street_start = models.CharField("from", max_length=120, blank=True)
    cross_street_end = models.CharField("to", max_length=120, blank=True)
    side = models.CharField("side of the street", max_length=2, blank=True)
    entire_roadway = models.BooleanField(default=False)
    geometry = JSONField(shape=GEOMETRY, help_text="GeoJSON, WGS 84.")
    length_cm = models.PositiveIntegerField(null=True, blank=True)
    width_cm = models.PositiveIntegerField(null=True, blank=True)
    num_spaces = models.PositiveIntegerField(null=True, blank=True)
    parking_angle = models.CharField(max_length=14, blank=True)
    areas = models.ManyToManyField(CurbArea, blank=True, related_name="zones")
    scope = models.CharField("a stay is measured over", max_length=10, choices=Scope.choices, default=Scope.BLOCK_FACE)
    no_return_distance_m = models.FloatField(null=True, blank=True)
    resolution = models.CharField("council resolution", max_length=80, blank=True)
    signs_since = models.DateField("signs stand since", null=True, blank=True)
    enforced = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")
    source = models.ForeignKey(CurbImport, null=True, blank=True, on_delete=models.PROTECT, related_name="zones")
    extra = JSONField(shape="o", default=dict, blank=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    once = ("ends_at", "ended_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["street", "cross_street_start", "side", "name"]
        constraints = [
            models.CheckConstraint(
                name="pk_16_enforced_on_a_resolution",
                condition=Q(enforced=False) | (says("resolution") & Q(signs_since__isnull=False)),
                violation_error_message="A zone is enforced only with its resolution and the date of its signs.",
            ),
            models.CheckConstraint(
                name="zone_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                violation_error_message="A zone cannot end before it starts.",
            ),
            drawable("pk_16_zone_drawable"),
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("pk_16_zone_fixed", ["id", "geometry", "starts_at"], "PK-16",
                      "A zone keeps its place: another geometry is another zone."),
            guard("pk_16_ended_stays", ENDED_STAYS, on=pgtrigger.Update),
        ]  # fmt: skip

    def __str__(self) -> str:
        place = f"{self.street}, {self.side} side" if self.street and self.side else self.street
        return place or self.name or f"Zone {str(self.id)[:8]}"

    def get_absolute_url(self) -> str:
        """The zone's page."""
        return reverse("parking:zone", args=[self.pk])


class ZonePolicy(Record):
    """A policy in force in a zone, from when to when."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="policy_links")
    policy = models.ForeignKey(CurbPolicy, on_delete=models.PROTECT, related_name="zone_links")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=80, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    once = ("ends_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["policy__priority"]
        constraints = [
            models.UniqueConstraint(
                name="zone_policy_once", fields=["zone", "policy"], condition=Q(ends_at__isnull=True)
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("pk_16_link_fixed", ["zone_id", "policy_id", "starts_at"], "PK-16",
                      "Which rules held when is never rewritten."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.policy} in {self.zone}"


class CurbSpace(Record):
    """One marked space of a zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="spaces")
    number = models.PositiveIntegerField(null=True, blank=True)
    name = models.CharField(max_length=60, blank=True)
    length_cm = models.PositiveIntegerField(null=True, blank=True)
    geometry = JSONField(shape=GEOMETRY)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    once = ("ends_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["zone", "number"]
        constraints = [
            models.UniqueConstraint(
                name="space_number_in_zone",
                fields=["zone", "number"],
                condition=Q(ends_at__isnull=True, number__isnull=False),
            ),
            drawable("pk_16_space_drawable"),
        ]

    def __str__(self) -> str:
        return self.name or f"Space {self.number}"


class StreetLabel(Record):
    """A street's center line and name, drawn on maps that have no tiles."""

    name = models.CharField(max_length=120)
    geometry = JSONField(shape=GEOMETRY)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    once = ("withdrawn_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["name"]
        constraints = [drawable("pk_16_street_drawable")]

    def __str__(self) -> str:
        return self.name
