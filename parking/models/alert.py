"""Alert: something a person should look at; AlertAnswer: what the person found (PK-01). A machine never issues."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.anchors import anchored
from ecpd.audit.fixed import while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, refuse, unchanged
from ecpd.checks.json_field import HAPPENED, JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.models.alert_guards import ANSWER_ENDS_IT, AS_ITS_READS_SAY, LOOKS_LIKE
from parking.models.device import Device
from parking.models.plate_guards import in_one_spelling
from parking.models.read import Read
from parking.models.right_guards import STOPS_AN_ALERT
from parking.models.shapes import DETAIL, FACTS
from parking.models.zone import Zone

CONFIRMED_BY_A_PERSON = f"""
SELECT a.kind, a.state, a.raised_at, a.plate INTO alert_kind, alert_state, raised, alert_plate
    FROM parking_alert a WHERE a.id = NEW.alert_id;
IF alert_state <> 'live' THEN
    {refuse("PK-01", "This alert is answered already.")}
END IF;
IF NOT (ecpd_has_role(NEW.officer_id, 'parking_officer') OR ecpd_has_role(NEW.officer_id, 'parking_manager')) THEN
    {refuse("PK-01", "A parking officer answers an alert.")}
END IF;
IF NEW.outcome = 'confirmed' THEN
    IF NOT (NEW.plate_checked AND NEW.state_checked AND NEW.vehicle_checked)
       OR NOT public.ecpd_says_something(NEW.plate) OR NOT public.ecpd_says_something(NEW.plate_state)
       OR NOT public.ecpd_says_something(NEW.vehicle) THEN
        {refuse("PK-01", "A person confirms plate, state and vehicle against the picture.")}
    END IF;
    IF NOT ({LOOKS_LIKE.format("alert_plate")}) THEN
        {refuse("PK-01", "A plate that does not look like the alert's is another car's: the alert is dismissed.")}
    END IF;
    IF alert_kind = 'overtime' AND NOT NEW.no_placard_seen THEN
        {refuse("PK-01", "An overtime citation needs “no placard seen”: a disabled placard lifts the limit.")}
    END IF;
    IF alert_kind = 'hotlist' AND (NEW.dispatch_confirmed_at IS NULL OR NOT public.ecpd_says_something(NEW.dispatch_words)) THEN
        {refuse("PK-01", "A hotlist hit is confirmed with dispatch before anything is done.")}
    END IF;
    IF alert_kind = 'hotlist' AND NEW.dispatch_confirmed_at < date_trunc('minute', raised) THEN
        {refuse("PK-01", "Dispatch confirms a hit that is there, not one to come.")}
    END IF;
ELSIF NOT public.ecpd_says_something(NEW.reason) THEN
    {refuse("PK-01", "A dismissal says why.")}
END IF;
"""
BORN_LIVE = f"""
IF NEW.state <> 'live' THEN {refuse("PK-01", "An alert begins live; a person's answer ends it.")} END IF;
"""
# The minutes between two reads are no fewer than the enforced and uncovered ones that PK-02 counts.
PAST_THE_LIMIT = f"""
IF NEW.kind <> 'overtime' THEN RETURN NEW; END IF;
IF NEW.first_read_id IS NULL OR NEW.last_read_id IS NULL OR NEW.first_read_id = NEW.last_read_id OR NOT EXISTS (
        SELECT 1 FROM parking_zone z WHERE z.id = NEW.zone_id AND z.enforced) THEN
    {refuse("PK-02", "Overtime needs two reads of one vehicle in an enforced zone.")}
END IF;
IF NEW.detail ->> 'breach' IS DISTINCT FROM 'no_return' AND (NEW.first_at IS NULL OR NEW.limit_minutes IS NULL
       OR extract(epoch FROM NEW.last_at - NEW.first_at) / 60
          <= NEW.limit_minutes + ecpd_parameter_number('grace_minutes')) THEN
    {refuse("PK-02", "The two reads are not farther apart than the limit and the grace of the manual.")}
END IF;
"""
ANSWERED = f"""
IF OLD.state <> 'live' AND NEW.state <> OLD.state THEN
    {refuse("PK-01", "An answered alert stays answered.")}
END IF;
IF NEW.state <> 'live' AND OLD.state = 'live' AND NOT EXISTS (
        SELECT 1 FROM parking_alertanswer x WHERE x.alert_id = NEW.id AND x.outcome = NEW.state) THEN
    {refuse("PK-01", "Only a person's answer ends an alert.")}
END IF;
"""


class Alert(Record):
    """An overstay, a hotlist hit or another matter found in reads, with the facts a person can check."""

    may_change = {"state": while_in("state", "live")}

    class Kind(models.TextChoices):
        """What was found."""

        OVERTIME = "overtime", "Past the limit"
        NO_PARKING = "no_parking", "Parked where parking is not allowed"
        HOTLIST = "hotlist", "Verify with dispatch"
        SHARED_PERMIT = "shared_permit", "Two cars on one permit"
        LONG_STAY = "long_stay", "Seen over 72 hours"

    class State(models.TextChoices):
        """Where it stands. Nothing but a person's answer ends it."""

        LIVE = "live", "Waits for an answer"
        CONFIRMED = "confirmed", "Confirmed"
        DISMISSED = "dismissed", "Dismissed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE, db_index=True)
    key = models.CharField(max_length=120, unique=True, help_text="One alert for one finding, however often it is run.")
    plate = models.CharField(max_length=12)
    plate_state = models.CharField(max_length=6, blank=True)
    vehicle = models.CharField(max_length=120, blank=True)
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts")
    place = models.CharField(max_length=200, blank=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="alerts")
    first_read = models.ForeignKey(Read, null=True, on_delete=models.PROTECT, related_name="+")
    last_read = models.ForeignKey(Read, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField(auto_now_add=True, db_index=True)
    minutes_over = models.FloatField(null=True)
    limit_minutes = models.FloatField(null=True)
    exact = models.BooleanField(default=True, help_text="Both reads have the same letters.")
    facts = JSONField(shape=FACTS,
        default=list, help_text="What a person can check: code, sentence, met.",
        dates={f"$[*].data.{name}": "A reader's clock may run ahead; hours that are enforced may be to come."
               for name in ("at", "from", "until")},
    )  # fmt: skip
    detail = JSONField(shape=DETAIL, default=dict, dates={"$.found_at": HAPPENED, "$.received_at": HAPPENED})
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-raised_at"]
        indexes = [models.Index(fields=["plate", "-raised_at"], name="alert_plate")]
        triggers = [
            *Record.Meta.triggers,
            guard("pk_01_begins_live", BORN_LIVE, on=pgtrigger.Insert),
            guard("pk_02_past_the_limit", PAST_THE_LIMIT, on=pgtrigger.Insert),
            guard(
                "pk_02_reads_say_so",
                AS_ITS_READS_SAY,
                on=pgtrigger.Insert,
                declare=[("one", "parking_read%ROWTYPE"), ("two", "parking_read%ROWTYPE")],
            ),
            guard("pk_03_nothing_covers_it", STOPS_AN_ALERT, on=pgtrigger.Insert),
            guard("pk_01_answered_by_a_person", ANSWERED, on=pgtrigger.Update),
            unchanged(
                "pk_01_alert_fixed",
                [
                    "kind",
                    "key",
                    "plate",
                    "plate_state",
                    "zone_id",
                    "first_read_id",
                    "last_read_id",
                    "facts",
                    "raised_at",
                ],
                "PK-01",
                "An alert keeps what was found.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.plate} {self.plate_state.removeprefix('US-')}".strip()

    def get_absolute_url(self) -> str:
        """The alert in the console."""
        return reverse("parking:alert", args=[self.pk])


class AlertAnswer(Ledger):
    """A person's answer: confirmed with every tick, or dismissed with a reason."""

    class Outcome(models.TextChoices):
        """The two."""

        CONFIRMED = "confirmed", "Confirmed"
        DISMISSED = "dismissed", "Dismissed"

    class Reason(models.TextChoices):
        """Why an alert is dismissed; each feeds the precision of its reader and zone."""

        MISREAD = "misread", "Plate misread"
        WRONG_STATE = "wrong_state", "Wrong state"
        MOVED = "moved", "Vehicle moved"
        OTHER_VEHICLE = "other_vehicle", "Different vehicle"
        PERMIT = "permit", "Permit or placard displayed"
        DRIVER = "driver", "Driver present or leaving"
        SIGN = "sign", "Sign missing or hidden"
        WRONG_ZONE = "wrong_zone", "Zone wrong (position)"
        PAID = "paid", "Meter or app paid"
        EXEMPT = "exempt", "Emergency or exempt vehicle"
        GONE = "gone", "Vehicle gone"
        DUPLICATE = "duplicate", "Duplicate"
        DISPATCH = "dispatch", "Dispatch does not confirm"
        DISCRETION = "discretion", "Officer's discretion"

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    plate_checked = models.BooleanField(default=False)
    state_checked = models.BooleanField(default=False)
    vehicle_checked = models.BooleanField(default=False)
    no_placard_seen = models.BooleanField(default=False)
    plate = models.CharField("plate as the person reads it", max_length=12, blank=True)
    plate_state = models.CharField(max_length=6, blank=True)
    vehicle = models.CharField(max_length=120, blank=True)
    color = models.CharField(max_length=20, blank=True)
    make = models.CharField(max_length=40, blank=True)
    dispatch_confirmed_at = models.DateTimeField(null=True, blank=True)
    dispatch_words = models.CharField("what dispatch said", max_length=200, blank=True)
    reason = models.CharField(max_length=14, choices=Reason.choices, blank=True)
    words = models.TextField(blank=True)
    client_key = models.UUIDField(null=True, blank=True, help_text="Made by the console: sent twice, taken once.")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-at"]
        constraints = [
            in_one_spelling("pk_01_answer_in_one_spelling", plate=False, state=False),
            models.CheckConstraint(
                name="pk_01_discretion_in_words",
                condition=~Q(reason="discretion") | says("words"),
                violation_error_message="Discretion is explained in words.",
            ),
        ]
        triggers = [
            *Ledger.Meta.triggers,
            anchored("parking_alert", "NEW.alert_id", "PK-01", on=pgtrigger.Insert),
            guard(
                "pk_01_confirmed_by_a_person",
                CONFIRMED_BY_A_PERSON,
                on=pgtrigger.Insert,
                declare=[
                    ("alert_kind", "text"),
                    ("alert_state", "text"),
                    ("raised", "timestamptz"),
                    ("alert_plate", "text"),
                ],
            ),
            at_commit("pk_01_answer_ends_it", ANSWER_ENDS_IT, on=pgtrigger.Insert),
        ]
        verbose_name = "answer to an alert"
        verbose_name_plural = "answers to alerts"

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} by {self.officer}"
