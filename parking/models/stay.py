"""Track: one vehicle's sightings, the engine's memory; Stay: what they add up to; Finding: what is to be asked.

None of these is a record: they are derived from reads and leave with them (PK-05). An alert is the record.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import Q

from ecpd.audit.records import guard, refuse
from ecpd.checks.json_field import JSONField
from parking.models.retention import only_when_due
from parking.models.zone import Zone

NOT_WITHOUT_AN_ALERT = f"""
IF NEW.state = 'raised' AND NOT EXISTS (SELECT 1 FROM parking_alert a WHERE a.key = NEW.key) THEN
    {refuse("PK-02", "A finding counts as raised only with its alert.")}
END IF;
"""
RAISED_STAYS = f"""
IF OLD.state = 'raised' THEN {refuse("PK-05", "What an alert came of stays.")} END IF;
"""
# Any of its readings may be the plate of a hold; a finding goes by its plate, whenever it was.
TRACK_HELD = f"""
IF public.ecpd_plate_held(OLD.plate::text, OLD.keys::text[], OLD.plate_state::text, OLD.first_at, OLD.last_at) THEN
    {refuse("PK-05", "What may be a vehicle under a hold stays.")}
END IF;
"""
FINDING_HELD = f"""
IF public.ecpd_plate_held(OLD.content ->> 'plate', public.ecpd_plate_keys(OLD.content ->> 'plate'),
                          OLD.content ->> 'plate_state', '-infinity', 'infinity') THEN
    {refuse("PK-05", "What was found of a vehicle that may be under a hold stays.")}
END IF;
"""


class Track(models.Model):
    """Sightings of what is taken for one vehicle, some hours back; everything else is computed from them."""

    working_row = "Made anew from the reads at every look."

    plate = models.CharField(max_length=12)
    plate_state = models.CharField(max_length=6, blank=True)
    keys = ArrayField(models.CharField(max_length=12), help_text="Deletion neighborhood of every reading.")
    sightings = JSONField(
        shape={"each": "a"}, default=list, help_text="parking.overtime.sighting, one list a sighting.",
        dates={"$[*][*]": "Made of reads, hundreds a second; a reader's clock may run ahead."},
    )  # fmt: skip
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at"]
        # A row is written anew with every pass. A BRIN index lets that happen in place, without new entries in the other.
        indexes = [
            GinIndex(fields=["keys"], name="track_keys", fastupdate=False),
            BrinIndex(fields=["last_at"], name="track_last", autosummarize=True),
        ]
        triggers = [only_when_due("last_at", TRACK_HELD)]

    def __str__(self) -> str:
        return self.plate


class Stay(models.Model):
    """One vehicle in one place, as the console and the list of vehicles about to fall due show it."""

    working_row = "Made anew from the reads at every look."

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="stays")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="stays")
    plate = models.CharField(max_length=12)
    plate_state = models.CharField(max_length=6, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="When it will have overstayed, limit and grace included.")
    expires_at = models.DateTimeField(help_text="How long the first read serves.")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, blank=True)
    exact = models.BooleanField(default=True, help_text="Every read has the same letters.")
    passes = models.PositiveSmallIntegerField(default=1)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    allowed_by = models.CharField(max_length=200, blank=True, help_text="The permit or exemption that stops a finding.")

    class Meta:
        ordering = ["-last_at"]
        indexes = [
            models.Index(fields=["zone", "last_at"], name="stay_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["due_at"], name="stay_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["plate", "last_at"], name="stay_plate"),
        ]

    def __str__(self) -> str:
        return f"{self.plate} in {self.zone}"


class Finding(models.Model):
    """A breach the engine found, until it is raised as an alert, stopped by a permit, or refuted by a later read."""

    working_row = "What a look at the reads found; an alert that comes of it is a record."

    class State(models.TextChoices):
        """What became of it."""

        FOUND = "found", "Waits for the policy door"
        RAISED = "raised", "Raised as an alert"
        DENIED = "denied", "The policy door stayed shut"
        REFUTED = "refuted", "A read that came later speaks against it"

    key = models.CharField(max_length=120, unique=True)
    track = models.ForeignKey(Track, null=True, on_delete=models.SET_NULL, related_name="findings")
    state = models.CharField(max_length=8, choices=State.choices, default=State.FOUND)
    found_at = models.DateTimeField()
    read_received_at = models.DateTimeField(help_text="When the read that completed it came in.")
    content = JSONField(shape="o",
        help_text="Everything the alert needs.",
        dates=dict.fromkeys(
            ["$.first_at", "$.last_at", "$.due_at", "$.expires_at", "$.ended_at",
             *(f"$.facts[*].data.{name}" for name in ("at", "from", "until"))],
            "Made of reads while the next ones are looked at; a reader's clock may run ahead."),
    )  # fmt: skip
    refuted_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="finding_waiting", condition=Q(state="found"))]
        triggers = [
            guard("pk_02_raised_with_its_alert", NOT_WITHOUT_AN_ALERT, on=pgtrigger.Insert | pgtrigger.Update),
            only_when_due("found_at", RAISED_STAYS + FINDING_HELD),
        ]

    def __str__(self) -> str:
        return self.key
