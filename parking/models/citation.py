"""Citation: a notice of parking violation, fixed once issued (PK-07, PK-15); CitationDraft: what is not issued yet."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ecpd.audit.anchors import ADDED, anchored
from ecpd.audit.fixed import while_in
from ecpd.audit.records import Record, at_commit, guard, refuse
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.models.alert import Alert
from parking.models.citation_guards import AS_ITS_ALERT_SAYS, FIRST_OF_ITS_SECTION, ONE_OF_AN_ACT
from parking.models.money_guards import CHARGED_AT_ONCE
from parking.models.plate_guards import in_one_spelling
from parking.models.right_guards import STOPS_A_CITATION
from parking.models.violation import Violation, ViolationAmount
from parking.models.zone import Zone

ISSUED_BY_A_PERSON = f"""
IF NEW.state <> 'issued' THEN {refuse("PK-15", "A citation begins issued.")} END IF;
IF NOT (ecpd_has_role(NEW.issued_by_id, 'parking_officer') OR ecpd_has_role(NEW.issued_by_id, 'parking_manager')) THEN
    {refuse("PK-07", "A parking officer issues a citation; a machine never does.")}
END IF;
IF NEW.due_on < (NEW.issued_at AT TIME ZONE 'America/Los_Angeles')::date
                + public.ecpd_parameter_int('payment_due_days') THEN
    {refuse("PK-07", "A citation is due no sooner than the days of the manual.")}
END IF;
IF NEW.violation_at < ecpd_now() - make_interval(days => public.ecpd_parameter_int('drove_off_mail_days')) THEN
    {refuse("PK-07", "A citation is issued in the days in which it can still be mailed.")}
END IF;
IF NEW.alert_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM parking_alertanswer a WHERE a.alert_id = NEW.alert_id AND a.outcome = 'confirmed'
        AND a.plate = NEW.plate AND a.plate_state = NEW.plate_state) THEN
    {refuse("PK-01", "A citation from an alert carries the plate and state that a person confirmed.")}
END IF;
IF NEW.zone_id IS NULL AND (SELECT v.needs_zone FROM parking_violation v WHERE v.id = NEW.violation_id) THEN
    {refuse("PK-07", "This violation is written in a zone of the map.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM parking_violation v WHERE v.id = NEW.violation_id AND v.section = NEW.section
               AND v.withdrawn_at IS NULL) THEN
    {refuse("PK-07", "A citation is of a violation that stands, and carries its section.")}
END IF;
IF coalesce(NEW.permit_answer ->> 'outcome', '') NOT IN ('met', 'by_construction') THEN
    {refuse("PK-03", "A citation is issued once it was found that no permit covers the vehicle.")}
END IF;
SELECT a.id, a.amount_cents INTO in_force, in_force_cents FROM parking_violationamount a
    WHERE a.violation_id = NEW.violation_id
      AND a.effective_on <= (NEW.violation_at AT TIME ZONE 'America/Los_Angeles')::date
    ORDER BY a.effective_on DESC, a.id DESC LIMIT 1;
IF in_force IS DISTINCT FROM NEW.amount_id OR in_force_cents IS DISTINCT FROM NEW.amount_cents THEN
    {refuse("PK-16", "The amount is the one a resolution set for that day.")}
END IF;
"""
CANCELED_BY_A_RECORD = f"""
IF (to_jsonb(NEW) - 'state') IS DISTINCT FROM (to_jsonb(OLD) - 'state') THEN
    {refuse("PK-15", "An issued citation cannot be edited.")}
END IF;
IF NEW.state <> OLD.state AND (OLD.state <> 'issued' OR NOT EXISTS (
        SELECT 1 FROM parking_citationvoid v WHERE v.citation_id = NEW.id)) THEN
    {refuse("PK-15", "A citation is canceled by a new, reasoned record.")}
END IF;
"""


class CitationDraft(models.Model):
    """A citation that is being written. It is no record: kept as it is typed, gone when issued or thrown away."""

    working_row = "What an officer has typed and not issued."

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="citation_drafts")
    alert = models.OneToOneField(Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="citation_draft")
    answers = JSONField(shape="o", default=dict, help_text="The form as typed so far.")
    begun_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"Draft {self.pk}"

    def get_absolute_url(self) -> str:
        """Where it is written on."""
        return reverse("parking:citation-draft", args=[self.pk])


# SQL about the citation of a new row: nothing of it falls due, because it is canceled, paused or contested.
NOTHING_RUNS = """       EXISTS (SELECT 1 FROM parking_citationvoid v WHERE v.citation_id = NEW.citation_id)
    OR EXISTS (SELECT 1 FROM parking_citationhold h WHERE h.citation_id = NEW.citation_id AND h.released_at IS NULL)
    OR EXISTS (SELECT 1 FROM parking_contest k WHERE k.citation_id = NEW.citation_id AND k.state = 'open')"""


class Citation(Record):
    """An issued citation. Only `state` ever changes, and only with the record that cancels it."""

    may_change = {"state": while_in("state", "issued")}

    class State(models.TextChoices):
        """Whether it stands. What is owed and contested follows from other records."""

        ISSUED = "issued", "Issued"
        CANCELED = "canceled", "Canceled"

    number = models.CharField(max_length=16, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ISSUED, db_index=True)
    violation = models.ForeignKey(Violation, on_delete=models.PROTECT, related_name="citations")
    section = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    violation_at = models.DateTimeField("date and approximate time")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="citations")
    place = models.CharField(max_length=200)
    plate = models.CharField("license plate", max_length=12)
    plate_state = models.CharField("state of the plate", max_length=6, help_text="ISO 3166-2: US-CA.")
    registration_expiry = models.CharField("registration expires", max_length=7, blank=True, help_text="MM/YYYY")
    expiry_not_visible = models.BooleanField("registration expiry not visible", default=False)
    vin_last4 = models.CharField("last four of the VIN", max_length=4, blank=True)
    vin_not_readable = models.BooleanField("VIN not readable", default=False)
    color = models.CharField(max_length=20)
    make = models.CharField(max_length=40, blank=True)
    body = models.CharField("kind of vehicle", max_length=40, blank=True)
    remarks = models.TextField(blank=True)
    amount = models.ForeignKey(ViolationAmount, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.PositiveIntegerField()
    due_on = models.DateField("payment due by", db_index=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="citations")
    issued_at = models.DateTimeField(auto_now_add=True, db_index=True)
    alert = models.OneToOneField(Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="citation")
    read_at_vehicle = models.BooleanField("plate, state and vehicle read off the vehicle itself")
    permit_answer = JSONField(
        shape={"keys": {"outcome": "s"}}, help_text="What PK-03 found at the moment of issue: allowed, why."
    )
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-issued_at", "-id"]
        indexes = [
            models.Index(fields=["plate", "-issued_at"], name="citation_plate"),
            models.Index(fields=["issued_by", "-issued_at"], name="citation_officer"),
        ]
        constraints = [
            models.UniqueConstraint(name="citation_number_by_year", fields=["year", "serial"]),
            in_one_spelling("pk_03_citation_in_one_spelling"),
            models.CheckConstraint(
                name="pk_07_carries_its_fields",
                condition=says("section") & says("place") & says("plate") & says("plate_state") & says("color")
                & Q(amount_cents__gt=0),
                violation_error_message="A citation carries section, date, time, place, plate, state, color and amount.",
            ),
            models.CheckConstraint(
                name="pk_07_expiry_and_vin_looked_for",
                condition=(says("registration_expiry") | Q(expiry_not_visible=True))
                & (says("vin_last4") | Q(vin_not_readable=True)),
                violation_error_message="Registration expiry and the last four of the VIN stand on a citation unless "
                "they cannot be seen.",
            ),
            models.CheckConstraint(
                name="pk_01_read_off_the_vehicle",
                condition=Q(read_at_vehicle=True),
                violation_error_message="A person reads plate, state and vehicle before a citation is issued.",
            ),
            models.CheckConstraint(
                name="pk_07_not_before_it_happened",
                condition=Q(violation_at__lte=F("issued_at")),
                violation_error_message="A violation happens before its citation.",
            ),
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers,
            anchored("parking_violation", FIRST_OF_ITS_SECTION, "PK-07", on=ADDED),
            guard(
                "pk_01_as_its_alert_says",
                AS_ITS_ALERT_SAYS,
                on=pgtrigger.Insert,
                declare=[
                    ("of_kind", "text"),
                    ("of_zone", "uuid"),
                    ("began", "timestamptz"),
                    ("seen", "timestamptz"),
                    ("codes", "text[]"),
                    ("limited", "boolean"),
                ],
            ),
            guard("pk_07_one_of_an_act", ONE_OF_AN_ACT, on=pgtrigger.Insert, declare=[("began", "timestamptz")]),
            guard(
                "pk_07_issued_by_a_person",
                ISSUED_BY_A_PERSON,
                on=pgtrigger.Insert,
                declare=[("in_force", "bigint"), ("in_force_cents", "int")],
            ),
            guard("pk_03_no_right_covers_it", STOPS_A_CITATION, on=pgtrigger.Insert),
            guard("pk_15_canceled_by_a_record", CANCELED_BY_A_RECORD, on=pgtrigger.Update),
            at_commit("pk_15_charged_at_once", CHARGED_AT_ONCE, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"Citation {self.number}"

    def get_absolute_url(self) -> str:
        """The citation's page."""
        return reverse("parking:citation", args=[self.number])

    @property
    def is_canceled(self) -> bool:
        """Whether it no longer stands."""
        return self.state == self.State.CANCELED
