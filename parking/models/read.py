"""IngestGate, IngestBatch and Read: what a device sent; PlateImage: the pictures that come after.

These rows are not records: PK-05 has them deleted when nothing came of them. The database itself refuses to delete
one that is too young, held, or part of an alert.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT

from ecpd.audit import pinned
from ecpd.audit.fixed import ALWAYS, as_it_leaves, to_nothing, while_in
from ecpd.audit.records import NEWEST_STATE, Ledger, guard, refuse
from ecpd.checks.json_field import JSONField
from ecpd.policy.models import Decision, ManualVersion
from parking.models.device import Device
from parking.models.plate_policy import PlatePolicy
from parking.models.retention import only_when_due
from parking.models.shapes import OPINION

POLICY_IN_FORCE = f"""
IF NOT EXISTS (SELECT 1 FROM parking_platepolicy p WHERE p.published_at IS NOT NULL AND p.withdrawn_at IS NULL
               AND p.public_comment_on IS NOT NULL) THEN
    {refuse("PK-09", "No usage policy is published, so no read is accepted.")}
END IF;
"""
ONLY_WHEN_DUE = f"""
IF EXISTS (SELECT 1 FROM parking_readkeep k WHERE k.read_id = {{row}}.id) THEN
    {refuse("PK-05", "A read that is evidence is not deleted.")}
END IF;
IF public.ecpd_read_held({{row}}.id) THEN
    {refuse("PK-05", "A read that may be of a plate under a hold is not deleted.")}
END IF;
IF coalesce(trim(ecpd_parameter('plate_retention_resolution') #>> '{{{{}}}}'), '') = '' THEN
    {refuse("PK-05", "Nothing is deleted before the council's resolution is entered.")}
END IF;
IF {{row}}.captured_at > ecpd_now() - make_interval(days => ecpd_parameter_int('plate_retention_days')) THEN
    {refuse("PK-05", "The read is younger than the manual lets it be deleted.")}
END IF;
"""
PICTURE_OF_IT = f"""
SELECT * INTO shown FROM parking_read r WHERE r.id = OLD.read_id FOR NO KEY UPDATE;
{ONLY_WHEN_DUE.format(row="shown")}
"""
BODY_STAYS = f"""
IF NEW.raw IS NULL AND OLD.raw IS NOT NULL AND EXISTS (
        SELECT 1 FROM parking_read r WHERE r.batch_id = OLD.id AND public.ecpd_read_held(r.id)) THEN
    {refuse("PK-05", "What brought a read of a plate under a hold stays as it was sent.")}
END IF;
"""
AS_SENT = f"""
IF (NEW.device_id, NEW.device_seq, NEW.captured_at, NEW.plate, NEW.plate_state, NEW.confidence, NEW.latitude,
    NEW.longitude) IS DISTINCT FROM
   (OLD.device_id, OLD.device_seq, OLD.captured_at, OLD.plate, OLD.plate_state, OLD.confidence, OLD.latitude,
    OLD.longitude)
THEN {refuse("PK-01", "A read stays as the device sent it.")} END IF;
"""


class IngestGate(Ledger):
    """The policy door's answer for one reader, kept for a day: each batch names it instead of asking anew.

    A new usage policy, a new version of the manual or a new day asks again; the database looks at every read (PK-09).
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="gates")
    day = models.DateField()
    policy = models.ForeignKey(PlatePolicy, null=True, on_delete=models.PROTECT, related_name="+")
    manual_version = models.ForeignKey(ManualVersion, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    refusal = JSONField(shape={"each": "o"}, null=True, help_text="The refusing verdicts; null when the door opened.")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [models.Index(fields=["device", "day"], name="gate_of_the_day")]
        verbose_name = "reader let in"
        verbose_name_plural = "readers let in"

    def __str__(self) -> str:
        return f"Gate of {self.device} on {self.day}"

    @property
    def role_opened(self) -> bool:
        """Whether the role table let the reader's person ask at all (AC-08)."""
        return not any(v["rule_id"] == "AC-08" and v["outcome"] != "met" for v in self.refusal or [])


class IngestBatch(models.Model):
    """One delivery of a device: counts, clock, what was refused and why, and the decision that let it in."""

    working_row = "Goes with its reads (PK-05)."
    may_change = {"accepted": ALWAYS, "duplicates": ALWAYS, "raw": to_nothing("raw")}
    born_with = ("accepted", "duplicates", "raw")

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="batches")
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    skew_seconds = models.FloatField(null=True, blank=True)
    accepted = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    rejected = JSONField(
        shape={"each": "o"}, default=list, help_text="Items that were refused: index, sequence, code, reason."
    )
    raw = JSONField(shape="*", null=True, blank=True, help_text="The body as sent, without pictures, for replay.")
    notes = JSONField(
        shape={"each": "o"}, default=list, help_text="What was left out or doubted while the read was kept."
    )
    gate = models.ForeignKey(IngestGate, on_delete=models.PROTECT, related_name="batches")

    class Meta:
        ordering = ["-id"]
        triggers = [only_when_due("received_at"), guard("pk_05_body_of_a_hold", BODY_STAYS, on=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Batch {self.pk} of {self.device}"


class Read(models.Model):
    """One plate read, as sent, and what became of it. A ReadKeep exempts it from deletion, and so does a hold."""

    working_row = "Plate data leaves after its time unless something came of it (PK-05)."
    may_change = {"state": while_in("state", "received")} | dict.fromkeys(
        ("looked_at", "zone_id", "zone_probability", "alternatives", "x", "y", "sigma_m"),
        as_it_leaves("state", "received"),
    )
    born_with = ("state",)  # one without text is over as it comes

    class State(models.TextChoices):
        """What became of it."""

        RECEIVED = "received", "Waits to be looked at"
        DONE = "done", "Looked at"
        REPEAT = "repeat", "Another frame of the same pass"
        AMBIGUOUS = "ambiguous", "Zone uncertain, no alert from it"
        UNPLACED = "unplaced", "No usable position"
        UNREADABLE = "unreadable", "No plate text"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="reads")
    batch = models.ForeignKey(IngestBatch, on_delete=models.PROTECT, related_name="reads")
    device_seq = models.CharField(max_length=80)
    captured_at = models.DateTimeField()
    received_at = models.DateTimeField()
    plate = models.CharField(max_length=12, blank=True)
    plate_state = models.CharField("state of the plate", max_length=6, blank=True)
    confidence = models.FloatField(null=True)
    candidates = JSONField(shape="a", default=list)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    heading = models.FloatField(null=True)
    speed_mps = models.FloatField(null=True)
    observed = JSONField(shape="o", null=True, help_text="Where the reader says the target is.")
    camera_side = models.CharField(max_length=1, blank=True)
    make = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=40, blank=True)
    color = models.CharField(max_length=20, blank=True)
    type = models.CharField(max_length=20, blank=True)
    source_format = models.CharField(max_length=20)
    raw_id = models.CharField(max_length=80, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    looked_at = models.DateTimeField(null=True)
    zone = models.ForeignKey("parking.Zone", null=True, on_delete=models.PROTECT, related_name="+")
    zone_probability = models.FloatField(null=True)
    alternatives = JSONField(shape="a", default=list)
    x = models.FloatField("longitude of the target", null=True)
    y = models.FloatField("latitude of the target", null=True)
    sigma_m = models.FloatField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(name="read_once_a_device", fields=["device", "device_seq"])]
        indexes = [
            models.Index(fields=["captured_at"], name="read_waiting", condition=Q(state="received")),
            models.Index(fields=["plate", "captured_at"], name="read_plate"),
            models.Index(fields=["captured_at"], name="read_captured"),
        ]
        triggers = [
            pinned.Trigger(
                name="pk_09_policy_published",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"{NEWEST_STATE}{POLICY_IN_FORCE}\nRETURN NULL;",
            ),
            guard("pk_05_only_when_due", ONLY_WHEN_DUE.format(row="OLD") + "RETURN OLD;", on=pgtrigger.Delete),
            guard("pk_01_as_sent", AS_SENT, on=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.plate or 'No text'} {self.plate_state}".strip()


class PlateImage(models.Model):
    """A picture of a read. Its bytes stand in the plate store under their SHA-256; it leaves with its read."""

    working_row = "Goes with its read (PK-05)."
    once = ("asked_at", "opinion")
    may_change = dict.fromkeys(("state", "size", "media_type"), while_in("state", "announced"))
    born_with = ("state", "size")  # a picture may come with its read

    class State(models.TextChoices):
        """Whether it is here."""

        ANNOUNCED = "announced", "Announced"
        STORED = "stored", "Stored"

    read = models.ForeignKey(Read, on_delete=models.CASCADE, related_name="images")
    kind = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(null=True)
    media_type = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ANNOUNCED)
    asked_at = models.DateTimeField(null=True, help_text="When a second opinion was asked for.")
    opinion = JSONField(shape=OPINION, null=True, help_text="What the second reader sees in it; never a fact.")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["asked_at"], name="image_waiting", condition=Q(opinion__isnull=True, asked_at__isnull=False)
            ),
            models.Index(KT("opinion__text"), name="image_second_text", condition=Q(opinion__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(name="image_once_a_read", fields=["read", "kind", "sha256"])]
        triggers = [
            guard(
                "pk_05_picture_only_when_due",
                PICTURE_OF_IT + "RETURN OLD;",
                on=pgtrigger.Delete,
                declare=[("shown", "parking_read%ROWTYPE")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} picture {self.sha256[:6]}"
