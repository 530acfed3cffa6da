"""Permit: the right that was granted; PermitPlate: which plate had it when; PermitWarning: what the holder was told.

The plate is the permit. Two permits of one class never hold for one plate at one time: an exclusion constraint.
"""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from ecpd.audit.anchors import anchored
from ecpd.audit.fixed import ALWAYS
from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.anchors import on_application
from parking.models.alert import Alert
from parking.models.permit_application import PermitApplication
from parking.models.permit_class import PermitClass, PermitTerms
from parking.models.permit_guards import A_CHANGE_COUNTS, HOUSEHOLD, OF_ITS_HOUSEHOLD
from parking.models.plate_guards import keys_of_the_plate

TIME = Func("begins", "ends", RangeBoundary(), function="TSTZRANGE", output_field=DateTimeRangeField())
GRANTED = f"""
IF NOT EXISTS (SELECT 1 FROM parking_permitdecision d WHERE d.application_id = NEW.application_id
               AND d.outcome = 'approve') THEN
    {refuse("PK-16", "A permit is granted by a manager's approval.")}
END IF;
IF NEW.ended_at IS NOT NULL OR NEW.replaced_by_id IS NOT NULL THEN
    {refuse("PK-16", "A permit begins in force.")}
END IF;
IF EXISTS (SELECT 1 FROM parking_permit p WHERE p.application_id = NEW.application_id) AND NOT (
       NOT EXISTS (SELECT 1 FROM parking_permit p WHERE p.application_id = NEW.application_id AND p.ended_at IS NULL)
       AND EXISTS (SELECT 1 FROM parking_permit p WHERE p.application_id = NEW.application_id AND p.replaced_by_id IS NULL
                   AND p.ended_at = NEW.begins AND p.ends >= NEW.ends)) THEN
    {refuse("PK-16", "One approval grants one permit; another number only takes over from one that ends with it.")}
END IF;
IF NOT ecpd_has_role(NEW.approved_by_id, 'parking_manager') THEN
    {refuse("PK-16", "A parking manager grants a permit.")}
END IF;
IF NEW.begins < ecpd_now() - interval '5 minutes' THEN
    {refuse("PK-16", "A permit begins now or later.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM parking_permitapplication a JOIN parking_permitterms t ON t.id = a.terms_id
               WHERE a.id = NEW.application_id AND t.id = NEW.terms_id AND NEW.ends <= (((NEW.begins AT TIME ZONE
               'America/Los_Angeles')::date + t.duration_days)::timestamp AT TIME ZONE 'America/Los_Angeles')) THEN
    {refuse("PK-16", "A permit is under the terms that were applied for, and no longer than they last.")}
END IF;
"""
ENDED = f"""
IF OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at THEN
    {refuse("PK-16", "A permit that has ended stays ended.")}
END IF;
IF NEW.ended_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM parking_permitplate p WHERE p.permit_id = NEW.id AND p.ends > greatest(NEW.ended_at, p.begins)) THEN
    {refuse("PK-16", "A permit that has ended has no plate in force.")}
END IF;
IF OLD.replaced_by_id IS NOT NULL AND NEW.replaced_by_id IS DISTINCT FROM OLD.replaced_by_id THEN
    {refuse("PK-16", "What replaced a permit stays on the record.")}
END IF;
IF NEW.replaced_by_id IS DISTINCT FROM OLD.replaced_by_id AND NOT EXISTS (
        SELECT 1 FROM parking_permit p WHERE p.id = NEW.replaced_by_id AND p.application_id = NEW.application_id
        AND p.id > NEW.id AND p.begins = NEW.ended_at) THEN
    {refuse("PK-16", "A permit is replaced by the one that takes over from it as it ends.")}
END IF;
"""
WITHIN_ITS_PERMIT = f"""
SELECT p.begins, coalesce(p.ended_at, p.ends), t.permit_class_id, t.plates_max
    INTO permit_begins, permit_ends, of_class, most
    FROM parking_permit p JOIN parking_permitterms t ON t.id = p.terms_id WHERE p.id = NEW.permit_id;
IF NEW.begins < permit_begins OR NEW.ends > permit_ends OR NEW.permit_class_id <> of_class THEN
    {refuse("PK-16", "A plate counts within the time and class of its permit.")}
END IF;
IF NEW.place > most THEN
    {refuse("PK-16", "The permit has as many plates at a time as its class allows.")}
END IF;
"""
PUT_IN_NOW = f"""
IF NEW.begins < ecpd_now() - interval '5 minutes' THEN
    {refuse("PK-16", "A plate is put in from now on; who had a permit in the past is never rewritten.")}
END IF;
IF NEW.kind IN ('rental', 'loaner', 'temporary')
   AND NEW.ends > NEW.begins + make_interval(days => ecpd_parameter_int('permit_borrowed_days')) THEN
    {refuse("PK-16", "A borrowed plate is put in for the days of the manual at most.")}
END IF;
IF NEW.swapped AND NEW.added_by_id IS NULL AND (
       SELECT count(*) FROM parking_permitplate p WHERE p.permit_id = NEW.permit_id AND p.swapped
       AND (p.added_at AT TIME ZONE 'America/Los_Angeles')::date = (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date
       ) >= ecpd_parameter_int('permit_swaps_per_day') THEN
    {refuse("PK-16", "A holder changes plates as often in a day as the manual allows.")}
END IF;
"""
BY_ITS_CODE = f"""
IF NEW.kind = 'guest' AND NOT EXISTS (
        SELECT 1 FROM parking_guestcode g WHERE g.id = NEW.guest_code_id AND g.permit_id = NEW.permit_id
        AND g.revoked_at IS NULL AND g.expires_at > ecpd_now() AND NEW.begins <= ecpd_now() + interval '5 minutes'
        AND NEW.ends <= NEW.begins + make_interval(hours => g.hours)
        AND (SELECT count(*) FROM parking_permitplate v WHERE v.guest_code_id = g.id) < g.visits_max) THEN
    {refuse("PK-16", "A guest comes by a code of this permit that is in force, now, for its hours and as often as it says.")}
END IF;
"""
ENDS_EARLIER_ONLY = f"""
IF NEW.ends > OLD.ends THEN {refuse("PK-16", "A plate's time is never made longer; it is put in again.")} END IF;
IF NEW.ends < OLD.ends AND NEW.ends < greatest(NEW.begins, ecpd_now() - interval '5 minutes') THEN
    {refuse("PK-16", "Which plate had a permit in the past is never rewritten.")}
END IF;
"""


class Permit(Record):
    """A permit in force for its time, until it is ended or replaced."""

    number = models.CharField(max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    application = models.ForeignKey(PermitApplication, on_delete=models.PROTECT, related_name="permits")
    terms = models.ForeignKey(PermitTerms, on_delete=models.PROTECT, related_name="permits")
    begins = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)
    nth = models.PositiveSmallIntegerField("nth permit of the household")
    price_cents = models.PositiveIntegerField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)
    renewal_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewed_by")
    replaced_by = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: the holder.",
    )  # fmt: skip
    ended_reason = models.TextField(blank=True)

    once = ("replaced_by_id", "ended_at", "ended_by_id", "ended_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="permit_number_by_year", fields=["year", "serial"]),
            models.CheckConstraint(name="permit_ends_after_it_begins", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(
                name="ac_07_permit_ended_reason",
                condition=Q(ended_at__isnull=True) | says("ended_reason"),
                violation_error_message="A permit is ended with a reason.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers, on_application(), 
            guard("pk_16_permit_granted", GRANTED, on=pgtrigger.Insert),
            guard("pk_16_permit_of_its_household", OF_ITS_HOUSEHOLD, on=pgtrigger.Insert, declare=HOUSEHOLD),
            guard("pk_16_permit_ended", ENDED, on=pgtrigger.Update),
            unchanged("pk_16_permit_fixed",
                      ["number", "application_id", "terms_id", "begins", "ends", "nth", "price_cents", "approved_by_id"],
                      "PK-16", "A permit is never rewritten; it is ended or replaced."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.terms.permit_class.name}, {self.number}"

    def get_absolute_url(self) -> str:
        """The permit's page, for staff."""
        return reverse("parking:permit", args=[self.number])

    @property
    def is_over(self) -> bool:
        """Whether it has ended or its time has."""
        return self.ended_at is not None or self.ends <= timezone.now()

    @property
    def last_moment(self) -> datetime:
        """When it ended or will end."""
        return min(self.ended_at, self.ends) if self.ended_at else self.ends


class PermitPlate(Record):
    """A plate under a permit from one moment to another. Only the end moves, and only toward now."""

    may_change = {"ends": ALWAYS}

    class Kind(models.TextChoices):
        """Whose it is."""

        OWN = "own", "Own vehicle"
        RENTAL = "rental", "Rental"
        LOANER = "loaner", "Loaner"
        TEMPORARY = "temporary", "Temporary plate"
        GUEST = "guest", "Guest"

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="plates")
    permit_class = models.ForeignKey(PermitClass, on_delete=models.PROTECT, related_name="+", editable=False)
    plate = models.CharField(max_length=12)
    plate_state = models.CharField("state", max_length=6, help_text="ISO 3166-2: US-CA.")
    keys = ArrayField(models.CharField(max_length=12), editable=False, help_text="Deletion keys, for look-alikes.")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OWN)
    place = models.PositiveSmallIntegerField(
        default=1, help_text="From 1: one plate at a time has it. 0 for guests, who take none."
    )
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    swapped = models.BooleanField("put in by a change", default=False, help_text="Counts toward the cap of the day.")
    reason = models.CharField(max_length=200, blank=True)
    guest_code = models.ForeignKey("GuestCode", null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: the holder or a guest.",
    )  # fmt: skip
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["begins", "id"]
        indexes = [
            GinIndex(fields=["keys"], name="permit_plate_keys", fastupdate=False),
            models.Index(fields=["plate", "-begins"], name="permit_plate"),
        ]
        constraints = [
            models.CheckConstraint(
                name="pk_16_plate_changed_for_a_reason",
                condition=Q(added_by__isnull=True) | Q(swapped=False) | says("reason"),
                violation_error_message="Whoever changes a plate for its holder says why.",
            ),
            ExclusionConstraint(
                name="pk_16_one_permit_a_plate",
                expressions=[
                    ("permit_class", RangeOperators.EQUAL),
                    ("plate", RangeOperators.EQUAL),
                    ("plate_state", RangeOperators.EQUAL),
                    (TIME, RangeOperators.OVERLAPS),
                ],
                violation_error_message="This plate has a permit of this class at that time already.",
            ),
            ExclusionConstraint(
                name="pk_16_one_plate_a_place",
                expressions=[
                    ("permit", RangeOperators.EQUAL), ("place", RangeOperators.EQUAL), (TIME, RangeOperators.OVERLAPS),
                ],
                condition=Q(place__gt=0),
                violation_error_message="One plate at a time has a place of the permit.",
            ),
            models.CheckConstraint(name="permit_plate_times", condition=Q(ends__gte=F("begins"))),
            models.CheckConstraint(
                name="permit_plate_written",
                condition=Q(plate__regex=r"^[A-Z0-9]+$") & says("plate_state") & Q(keys__len__gt=0),
                violation_error_message="A plate has letters and digits, and a state.",
            ),
            models.CheckConstraint(
                name="permit_plate_state_iso",
                condition=Q(plate_state__regex=r"^[A-Z]{2}-[A-Z0-9]{1,3}$"),
                violation_error_message="A state is written as ISO 3166-2 has it: US-CA.",
            ),
            models.CheckConstraint(
                name="permit_guest_by_code",
                condition=Q(kind="guest", place=0, guest_code__isnull=False)
                | ~Q(kind="guest") & Q(place__gt=0, guest_code__isnull=True),
                violation_error_message="A guest comes by a code and takes no place; every other plate takes one.",
            ),
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers, anchored("parking_permit", "NEW.permit_id", "PK-16", on=pgtrigger.Insert), 
            guard("pk_16_plate_in_its_permit", WITHIN_ITS_PERMIT, on=pgtrigger.Insert,
                  declare=[("permit_begins", "timestamptz"), ("permit_ends", "timestamptz"), ("of_class", "bigint"),
                           ("most", "int")]),
            guard("pk_16_plate_put_in_now", PUT_IN_NOW, on=pgtrigger.Insert),
            guard("pk_16_plate_swap_counts", A_CHANGE_COUNTS, on=pgtrigger.Insert),
            keys_of_the_plate("pk_16_plate_with_its_keys", "PK-16"),
            guard("pk_16_guest_by_its_code", BY_ITS_CODE, on=pgtrigger.Insert),
            guard("pk_16_plate_ends_earlier", ENDS_EARLIER_ONLY, on=pgtrigger.Update),
            unchanged("pk_16_plate_fixed",
                      ["permit_id", "permit_class_id", "plate", "plate_state", "keys", "kind", "begins", "added_at",
                       "added_by_id", "guest_code_id", "place", "swapped"],
                      "PK-16", "Which plate had a permit when is never rewritten."),
        ]  # fmt: skip
        verbose_name = "plate under a permit"
        verbose_name_plural = "plates under permits"

    def __str__(self) -> str:
        return f"{self.plate} {self.plate_state.removeprefix('US-')}"

    @property
    def is_in_force(self) -> bool:
        """Whether it counts now."""
        return self.begins <= timezone.now() < self.ends


class PermitWarning(Ledger):
    """A holder was warned that a permit is misused; before anything else follows."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="warnings")
    alert = models.OneToOneField(Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="permit_warning")
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Warning on {self.permit.number}"
