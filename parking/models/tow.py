"""TowOrder: who orders a removal, on what ground; the removal, owners' notices, hearing and end (PK-04, PK-10, PK-11)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ecpd.audit.functions import of_an_app
from ecpd.audit.records import Ledger, at_commit, guard
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.numbering import number
from ecpd.policy.models import Decision
from parking.abandoned.open_hours_v1 import OPEN_HOURS_AFTER
from parking.anchors import VEHICLE_OF_ORDER, on_vehicle
from parking.models.abandoned import AbandonedVehicle
from parking.models.abandoned_guards import ORDERED_BY_IT
from parking.models.tow_guards import (
    AFTER_A_SECOND_LOOK,
    ASKED_IN_TIME,
    BY_SOMEBODY_ELSE,
    ENDS_FAIRLY,
    OF_A_REMOVED_VEHICLE,
    UNDER_AN_ORDER,
)

of_an_app(OPEN_HOURS_AFTER)
UNPAID = "unpaid_citations"  # may stand beside a matter, never alone (PK-11)


class TowOrder(Ledger):
    """A removal, ordered by an authorized class of person."""

    class OrdererClass(models.TextChoices):
        """As what somebody orders."""

        PEACE_OFFICER = "peace_officer", "Peace officer"
        EMPLOYEE = "employee", "Regularly employed and salaried, parking or traffic"
        OTHER = "other", "Contractor, volunteer or other"

    AUTHORIZED = (OrdererClass.PEACE_OFFICER, OrdererClass.EMPLOYEE)

    vehicle = models.OneToOneField(AbandonedVehicle, on_delete=models.PROTECT, related_name="tow")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=12, unique=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    orderer_class = models.CharField("you order as", max_length=14, choices=OrdererClass.choices)
    at = models.DateTimeField()
    grounds = ArrayField(models.CharField(max_length=20), help_text="The matter; unpaid citations only beside it.")
    authority = models.CharField(max_length=120)
    ordinance = models.CharField(max_length=120, blank=True)
    purpose = models.TextField("why it is removed")
    tow_company = models.CharField(max_length=120)
    storage = models.CharField("where it is stored: name, address, phone", max_length=300)
    content = JSONField(shape="o", help_text="What the paper says; the same content gives the same bytes.")
    sha256 = models.CharField(max_length=64)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="tow_number_once", fields=["year", "serial"]),
            models.CheckConstraint(
                name="pk_04_authorized_class", condition=Q(orderer_class__in=["peace_officer", "employee"]),
                violation_error_message="A peace officer or a salaried parking or traffic employee orders a removal.",
            ),
            models.CheckConstraint(
                name="pk_11_grounds_that_there_are",
                condition=Q(grounds__contained_by=[*AbandonedVehicle.Kind.values, UNPAID]),
                violation_error_message="A tow rests on a matter of its own; unpaid citations may stand beside it.",
            ),
            models.CheckConstraint(
                name="pk_11_never_only_unpaid", condition=~Q(grounds__contained_by=[UNPAID]),
                violation_error_message="Unpaid citations are never the only ground of a tow.",
            ),
        ]  # fmt: skip
        triggers = [
            *Ledger.Meta.triggers, on_vehicle(), 
            guard("pk_04_after_a_second_look", AFTER_A_SECOND_LOOK, on=pgtrigger.Insert,
                  declare=[("matter", "text"), ("stage", "text"), ("since", "timestamptz"), ("said", "text[]"),
                           ("looked", "timestamptz")]),
            at_commit("pk_04_ordered_by_it", ORDERED_BY_IT, on=pgtrigger.Insert),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Tow order {self.number}"

    def save(self, *args, **kwargs) -> None:
        """Give it its number."""
        self.number = self.number or number("T-", self.year, self.serial)
        super().save(*args, **kwargs)


class TowRemoval(Ledger):
    """The vehicle was taken away: when, by whom, what was in it. From here on the owners' clock runs (22852)."""

    order = models.OneToOneField(TowOrder, on_delete=models.PROTECT, related_name="removal")
    at = models.DateTimeField("removed at")
    driver = models.CharField("tow truck's driver", max_length=120, blank=True)
    condition = models.TextField("condition of the vehicle")
    inventory = models.TextField("what was in it", help_text="One thing a line; “nothing” is an answer too.")
    odometer = models.DecimalField("odometer, miles", max_digits=9, decimal_places=1, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        triggers = [
            *Ledger.Meta.triggers,
            on_vehicle(VEHICLE_OF_ORDER.format("NEW.order_id")),
            guard("pk_10_removed_under_an_order", UNDER_AN_ORDER, on=pgtrigger.Insert),
        ]
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="pk_10_inventory_is_written",
                condition=says("inventory") & says("condition"),
                violation_error_message="An inventory is written down, also when nothing was in the vehicle.",
            )
        ]

    def __str__(self) -> str:
        return f"Removal of {self.order.number}"


class TowNotice(Ledger):
    """What an owner was told, with its date; or, when the owner is unknown, the report to the state (22852, 22853)."""

    class To(models.TextChoices):
        """Whom."""

        REGISTERED = "registered", "Registered owner"
        LEGAL = "legal", "Legal owner"
        DOJ = "doj", "Stolen Vehicle System (owner unknown)"

    order = models.ForeignKey(TowOrder, on_delete=models.PROTECT, related_name="notices")
    sent_to = models.CharField("to", max_length=10, choices=To.choices)
    name = models.CharField(max_length=120, blank=True)
    address = models.TextField("mailing address", blank=True)
    dated = models.DateField("date on the notice")
    sent_at = models.DateTimeField("mailed or handed over at")
    by_hand = models.BooleanField("handed over in person", default=False)
    late_reason = models.TextField("why it is late", blank=True)
    content = JSONField(shape="o")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="pk_10_notice_has_an_address", condition=Q(sent_to="doj") | says("name") & says("address"),
                violation_error_message="A notice goes to a name and an address.",
            ),
        ]  # fmt: skip
        triggers = [
            *Ledger.Meta.triggers,
            on_vehicle(VEHICLE_OF_ORDER.format("NEW.order_id")),
            guard("pk_10_notice_after_removal", OF_A_REMOVED_VEHICLE, on=pgtrigger.Insert,
                  declare=[("removed", "timestamptz")]),
        ]  # fmt: skip
        verbose_name = "notice of a tow"
        verbose_name_plural = "notices of tows"

    def __str__(self) -> str:
        return f"Notice to the {self.get_sent_to_display().lower()}"


class TowHearing(Ledger):
    """An owner asks for a hearing: in person, in writing or by phone (22852(b))."""

    class Channel(models.TextChoices):
        """How it was asked for."""

        PERSON = "person", "In person"
        WRITING = "writing", "In writing"
        PHONE = "phone", "By phone"

    order = models.OneToOneField(TowOrder, on_delete=models.PROTECT, related_name="hearing")
    asked_at = models.DateTimeField()
    channel = models.CharField("how it was asked for", max_length=8, choices=Channel.choices)
    name = models.CharField("who asks", max_length=120)
    contact = models.CharField("phone or address", max_length=200)
    words = models.TextField("why the tow is contested", blank=True)
    last_day = models.DateField(
        "last day to ask", null=True, blank=True, help_text="Empty: no notice had been sent yet."
    )
    due_at = models.DateTimeField("to be held by")
    late_reason = models.TextField("why it is taken though late", blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        triggers = [
            *Ledger.Meta.triggers,
            on_vehicle(VEHICLE_OF_ORDER.format("NEW.order_id")),
            guard("pk_10_asked_in_time", ASKED_IN_TIME, on=pgtrigger.Insert,
                  declare=[("dated", "date"), ("removed", "timestamptz")]),
        ]  # fmt: skip

    @property
    def is_late(self) -> bool:
        """Whether it is not held though its time is over."""
        return not hasattr(self, "result") and self.due_at < timezone.now()

    def __str__(self) -> str:
        return f"Hearing on {self.order.number}"


class TowResult(Ledger):
    """The hearing's decision: whether the tow was valid, and why."""

    class Outcome(models.TextChoices):
        """The two."""

        VALID = "valid", "The tow was valid"
        INVALID = "invalid", "The tow was not valid; the agency pays"

    hearing = models.OneToOneField(TowHearing, on_delete=models.PROTECT, related_name="result")
    held_at = models.DateTimeField()
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.TextField()
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="pk_10_result_has_a_reason", condition=says("reason"),
                                   violation_error_message="A hearing's decision has a reason.")
        ]  # fmt: skip
        triggers = [
            *Ledger.Meta.triggers,
            on_vehicle(
                VEHICLE_OF_ORDER.format("(SELECT h.order_id FROM parking_towhearing h WHERE h.id = NEW.hearing_id)")
            ),
            guard("pk_10_not_who_ordered", BY_SOMEBODY_ELSE, on=pgtrigger.Insert),
        ]
        verbose_name = "decision on a tow"
        verbose_name_plural = "decisions on tows"

    def __str__(self) -> str:
        return self.get_outcome_display()


class TowEnd(Ledger):
    """How a tow ended: released, disposed of, or canceled before the truck came."""

    class How(models.TextChoices):
        """The three."""

        RELEASED = "released", "Released to its owner"
        DISPOSED = "disposed", "Disposed of"
        CANCELED = "canceled", "Canceled before removal"

    order = models.OneToOneField(TowOrder, on_delete=models.PROTECT, related_name="end")
    how = models.CharField("how it ended", max_length=8, choices=How.choices)
    at = models.DateTimeField()
    to = models.CharField("to whom", max_length=200, blank=True)
    agency_pays = models.BooleanField("the agency pays tow and storage", default=False)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="pk_10_end_says_to_whom", condition=~Q(how="released") | says("to"),
                violation_error_message="A release names to whom the vehicle went.",
            )
        ]  # fmt: skip
        triggers = [
            *Ledger.Meta.triggers,
            on_vehicle(VEHICLE_OF_ORDER.format("NEW.order_id")),
            guard("pk_10_ends_fairly", ENDS_FAIRLY, on=pgtrigger.Insert),
        ]
        verbose_name = "end of a tow"
        verbose_name_plural = "ends of tows"

    def __str__(self) -> str:
        return self.get_how_display()
