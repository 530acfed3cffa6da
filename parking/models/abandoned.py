"""AbandonedVehicle: one matter of PK-04 from report to end; its marked warning, second looks and photos."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.fixed import while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, unchanged
from ecpd.checks.sql import says
from ecpd.numbering import number
from ecpd.policy.models import Decision
from parking.abandoned import grounds
from parking.anchors import on_vehicle
from parking.models.abandoned_guards import (
    AFTER_THE_WARNING,
    BORN_AS_A_REPORT,
    KIND_WHILE_REPORTED,
    LOOK_CARRIED_OUT,
    MARKED_BY_IT,
    NOT_MOVED,
    OF_ITS_ALERT,
    SEEN_SINCE,
    STEPS,
    WHEN_IT_IS_LEFT,
)
from parking.models.alert import Alert
from parking.models.plate_guards import in_one_spelling


class AbandonedVehicle(Record):
    """A vehicle that is stored on the street, abandoned, or a hulk: three matters with one path (PK-04)."""

    may_change = {"state": while_in("state", "reported", "marked", "ready", "ordered")} | dict.fromkeys(
        ("kind", "grounds", "grounds_words"), while_in("state", "reported")
    )
    born_with = ("seen_since",)

    class Kind(models.TextChoices):
        """Which matter."""

        STORED = grounds.STORED, "Stored 72 hours or more"
        ABANDONED = grounds.ABANDONED, "Abandoned"
        HULK = grounds.HULK, "Hulk, a hazard"

    class State(models.TextChoices):
        """Where it stands."""

        REPORTED = "reported", "Reported"
        MARKED = "marked", "Warning marked"
        READY = "ready", "Second look done"
        ORDERED = "ordered", "Tow ordered"
        CLOSED = "closed", "Closed"

    class Source(models.TextChoices):
        """How it came up."""

        READS = "reads", "Plate reads"
        CITIZEN = "citizen", "A call"
        OFFICER = "officer", "An officer"

    class Outcome(models.TextChoices):
        """How it ended."""

        UNFOUNDED = "unfounded", "Nothing to do"
        GONE = "gone", "Gone at the second look"
        MOVED = "moved", "Moved by its owner"
        RELEASED = "released", "Released to its owner"
        DISPOSED = "disposed", "Disposed of"
        CANCELED = "canceled", "Tow canceled"

    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField("matter", max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REPORTED, db_index=True)
    source = models.CharField("how it came up", max_length=8, choices=Source.choices)
    plate = models.CharField(max_length=12, blank=True, db_index=True)
    plate_state = models.CharField("state of the plate", max_length=6, blank=True)
    vin = models.CharField("VIN", max_length=17, blank=True)
    vehicle = models.CharField(max_length=120)
    place = models.CharField(max_length=200)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    words = models.TextField("what was reported", blank=True)
    grounds = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    grounds_words = models.TextField("what was seen", blank=True)
    seen_since = models.DateTimeField(
        null=True, blank=True, help_text="First seen here by a reader or an officer; a caller's word does not count."
    )
    alert = models.OneToOneField(Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="abandoned")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_reason = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    once = ("seen_since", "outcome", "closed_at", "closed_by_id", "closed_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="abandoned_number_once", fields=["year", "serial"]),
            in_one_spelling("pk_04_vehicle_in_one_spelling", plate=False, state=False),
            models.CheckConstraint(
                name="pk_04_closed_says_why",
                condition=~Q(state="closed") | says("outcome") & says("closed_reason") & Q(closed_by__isnull=False),
                violation_error_message="A matter is closed with its outcome and a reason.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            guard("pk_04_born_as_a_report", BORN_AS_A_REPORT, on=pgtrigger.Insert),
            guard("pk_04_of_its_alert", OF_ITS_ALERT, on=pgtrigger.Insert),
            guard("pk_04_step_by_step", STEPS, on=pgtrigger.Update),
            guard("pk_04_kind_while_reported", KIND_WHILE_REPORTED, on=pgtrigger.Update),
            guard("pk_04_seen_since", SEEN_SINCE, on=pgtrigger.Update),
            unchanged("pk_04_report_fixed", ["number", "source", "alert_id", "reported_by_id", "reported_at"], "PK-04",
                      "A report stays as it came."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}: {self.get_kind_display()}"

    def save(self, *args, **kwargs) -> None:
        """Give it its number."""
        self.number = self.number or number("V-", self.year, self.serial)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The matter's page."""
        return reverse("parking:abandoned-vehicle", args=[self.number])

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.state != self.State.CLOSED

    @property
    def grounds_in_words(self) -> list[str]:
        """What it rests on."""
        return grounds.words_of(self.grounds)


class AbandonedMark(Ledger):
    """The marked warning: where the vehicle stands and how its wheels do, without chalk, and the notice left on it."""

    vehicle = models.OneToOneField(AbandonedVehicle, on_delete=models.PROTECT, related_name="mark")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marks = models.TextField("valve stems, other points of reference")
    odometer = models.DecimalField("odometer, miles", max_digits=9, decimal_places=1, null=True, blank=True)
    notice_text = models.TextField("the notice left on the vehicle")
    notice_where = models.CharField("where the notice was left", max_length=120)
    hours = models.PositiveIntegerField(help_text="Time on the warning, from the manual.")
    look_from = models.DateTimeField("second look from")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="pk_04_warning_is_documented",
                condition=says("marks") & says("notice_text") & says("notice_where"),
                violation_error_message="A warning says how the vehicle stands, what the notice says and where it is.",
            )
        ]
        triggers = [
            *Ledger.Meta.triggers,
            on_vehicle(),
            guard("pk_04_when_it_is_left", WHEN_IT_IS_LEFT, on=pgtrigger.Insert,
                  declare=[("matter", "text"), ("stage", "text")]),
            at_commit("pk_04_marked_by_it", MARKED_BY_IT, on=pgtrigger.Insert),
        ]  # fmt: skip
        verbose_name = "warning on an abandoned vehicle"
        verbose_name_plural = "warnings on abandoned vehicles"

    def __str__(self) -> str:
        return f"Warning on {self.vehicle.number}"


class AbandonedLook(Ledger):
    """A second look after the warning."""

    class Outcome(models.TextChoices):
        """What was found."""

        STILL = "still", "Still there"
        MOVED = "moved", "It has moved"
        GONE = "gone", "It is gone"

    vehicle = models.ForeignKey(AbandonedVehicle, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    odometer = models.DecimalField("odometer, miles", max_digits=9, decimal_places=1, null=True, blank=True)
    miles = models.DecimalField("miles moved, as measured", max_digits=6, decimal_places=2, null=True, blank=True)
    words = models.TextField("valve stems and points of reference now")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="pk_04_look_in_words", condition=says("words"),
                                   violation_error_message="A second look says what was found.")
        ]  # fmt: skip
        triggers = [
            *Ledger.Meta.triggers,
            on_vehicle(),
            guard("pk_04_after_the_warning", AFTER_THE_WARNING, on=pgtrigger.Insert),
            guard("pk_04_not_moved", NOT_MOVED, on=pgtrigger.Insert, declare=[("went", "numeric")]),
            at_commit("pk_04_look_carried_out", LOOK_CARRIED_OUT, on=pgtrigger.Insert),
        ]
        verbose_name = "second look at an abandoned vehicle"
        verbose_name_plural = "second looks at abandoned vehicles"

    def __str__(self) -> str:
        return self.get_outcome_display()


class AbandonedPhoto(Ledger):
    """A photo of one step; its bytes stand in the parking store."""

    class Step(models.TextChoices):
        """Which step it shows."""

        REPORT = "report", "Report"
        MARK = "mark", "Marked warning"
        LOOK = "look", "Second look"
        REMOVAL = "removal", "Removal"

    vehicle = models.ForeignKey(AbandonedVehicle, on_delete=models.PROTECT, related_name="photos")
    step = models.CharField(max_length=8, choices=Step.choices)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Photo of {self.vehicle.number}"
