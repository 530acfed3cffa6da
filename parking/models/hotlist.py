"""Hotlist and HotlistEntry: plates somebody looks for, by source, until a day; HotlistImport; HotlistHit.

A hit is a reader's guess: it waits for the policy door, becomes an alert that says "verify with dispatch", and never
says what the list is about (PK-01).
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.fixed import as_it_leaves, to_nothing, while_in
from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.models.alert import Alert
from parking.models.plate_guards import in_one_spelling, keys_of_the_plate
from parking.models.read import Read
from parking.models.shapes import REFUSED_LINES

WITHDRAWN_FOR_GOOD = f"""
IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_reason) IS DISTINCT FROM
                                    (OLD.withdrawn_at, OLD.withdrawn_reason) THEN
    {refuse("PK-01", "What is withdrawn stays withdrawn; enter it anew.")}
END IF;
"""
RAISED_IN_FORCE = f"""
IF NEW.state = 'raised' AND (TG_OP = 'INSERT' OR OLD.state <> 'raised') THEN
    IF NOT EXISTS (SELECT 1 FROM parking_alert a WHERE a.id = NEW.alert_id AND a.kind = 'hotlist') THEN
        {refuse("PK-01", "A hit counts as raised only with its alert.")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM parking_hotlistentry e JOIN parking_hotlist h ON h.id = e.hotlist_id
                   WHERE e.id = NEW.entry_id AND e.withdrawn_at IS NULL AND h.withdrawn_at IS NULL
                   AND least(coalesce(e.expires_on, h.expires_on), h.expires_on)
                       >= (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date) THEN
        {refuse("PK-01", "The entry has expired or is withdrawn.")}
    END IF;
END IF;
"""


def _withdrawn_says_why(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(withdrawn_at__isnull=True) | says("withdrawn_reason") & Q(withdrawn_by__isnull=False),
        violation_error_message="What is withdrawn says who withdrew it and why.",
    )


class Withdrawable(Record):
    """A record that is withdrawn with a reason."""

    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = True


# A list is not good for longer than the manual in force says.
RUNS_OUT = f"""
IF NEW.expires_on > (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date + ecpd_parameter_int('hotlist_days_max') THEN
    {refuse("PK-01", "A hotlist is good for longer than the manual allows.")}
END IF;
"""


class Hotlist(Withdrawable):
    """Where plates come from that somebody looks for, and until when the list is good."""

    class Kind(models.TextChoices):
        """Why they are looked for. Shown to who answers alerts only once dispatch has confirmed."""

        STOLEN_VEHICLE = "stolen_vehicle", "Stolen vehicle"
        STOLEN_PLATE = "stolen_plate", "Stolen plate"
        WANTED = "wanted", "Wanted person"
        MISSING = "missing", "Missing or at-risk person"
        FELONY = "felony", "Vehicle of a felony"
        OTHER = "other", "Another reason"

    kind = models.CharField("why", max_length=14, choices=Kind.choices)
    source = models.CharField(max_length=120, help_text="Agency and system it comes from.")
    reason = models.TextField("what it is for", help_text="Named in the log whenever the list is opened.")
    expires_on = models.DateField("good until")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [_withdrawn_says_why("pk_01_list_withdrawn_why")]
        triggers = [
            *Record.Meta.triggers,
            guard("pk_01_list_stays_withdrawn", WITHDRAWN_FOR_GOOD, on=pgtrigger.Update),
            guard("pk_01_list_runs_out", RUNS_OUT, on=pgtrigger.Insert),
            unchanged("pk_01_list_fixed", ["kind", "source", "reason", "entered_by_id"], "PK-01",
                      "A hotlist is withdrawn and entered anew, never rewritten."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Hotlist {self.pk}"

    def get_absolute_url(self) -> str:
        """The list's page."""
        return reverse("parking:hotlist", args=[self.pk])


class HotlistImport(Ledger):
    """A file that was taken in: how many lines were new, known, changed or withdrawn, and what was refused."""

    hotlist = models.ForeignKey(Hotlist, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    whole = models.BooleanField(default=False, help_text="What was not in the file was withdrawn.")
    taken = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()
    rejected = JSONField(shape=REFUSED_LINES, default=list, help_text="Line, plate, reason.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name = "list taken into a hotlist"
        verbose_name_plural = "lists taken into hotlists"

    def __str__(self) -> str:
        return self.file_name


class HotlistEntry(Withdrawable):
    """One plate that is looked for."""

    row_seal = False
    unsealed_because = "Some hundred thousand a day, from a file whose SHA-256 the sealed import keeps."

    hotlist = models.ForeignKey(Hotlist, on_delete=models.PROTECT, related_name="entries")
    plate = models.CharField(max_length=12)
    plate_state = models.CharField("state of the plate", max_length=6, blank=True)
    keys = ArrayField(models.CharField(max_length=12), help_text="The plate and what it becomes with one letter less.")
    vehicle = models.CharField("vehicle as the list describes it", max_length=120, blank=True)
    reference = models.CharField("the source's number", max_length=60, blank=True)
    expires_on = models.DateField("good until", null=True, blank=True, help_text="Empty: as long as the list.")
    source_file = models.ForeignKey(
        HotlistImport, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["plate", "id"]
        verbose_name_plural = "hotlist entries"
        indexes = [GinIndex(fields=["keys"], name="hotlist_keys", fastupdate=False)]
        constraints = [
            _withdrawn_says_why("pk_01_entry_withdrawn_why"),
            in_one_spelling("pk_01_entry_in_one_spelling", state=False),
            models.UniqueConstraint(name="hotlist_entry_once", fields=["hotlist", "plate", "plate_state"],
                                    condition=Q(withdrawn_at__isnull=True),
                                    violation_error_message="This plate stands on the list already."),
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers,
            guard("pk_01_entry_stays_withdrawn", WITHDRAWN_FOR_GOOD, on=pgtrigger.Update),
            keys_of_the_plate("pk_01_entry_with_its_keys", "PK-01"),
            unchanged("pk_01_entry_fixed",
                      ["hotlist_id", "plate", "plate_state", "keys", "vehicle", "reference", "expires_on"], "PK-01",
                      "An entry is withdrawn and entered anew, never rewritten."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plate} {self.plate_state.removeprefix('US-')}".strip()


class HotlistHit(Record):
    """A read that fits an entry, noted in the transaction that looked at the read, so that none is lost.

    One for each entry, plate and day. Its read leaves with all others when nothing came of it (PK-05).
    """

    may_change = {
        "state": while_in("state", "found"), "alert_id": as_it_leaves("state", "found", to=("raised",)),
        "read_id": to_nothing("read_id"),
    }  # fmt: skip
    born_with = ("read_id",)

    class State(models.TextChoices):
        """What became of it."""

        FOUND = "found", "Waits for the policy door"
        RAISED = "raised", "Raised as an alert"
        DENIED = "denied", "The policy door stayed shut"

    entry = models.ForeignKey(HotlistEntry, on_delete=models.PROTECT, related_name="hits")
    plate = models.CharField("plate as read", max_length=12)
    day = models.DateField()
    exact = models.BooleanField(help_text="The read has the entry's letters.")
    look_alike = models.CharField(max_length=40, blank=True, help_text="The letters that look alike, read/listed.")
    read = models.ForeignKey(Read, null=True, on_delete=models.SET_NULL, related_name="+")
    found_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.FOUND)
    alert = models.OneToOneField(Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="hotlist_hit")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(name="hotlist_hit_once_a_day", fields=["entry", "plate", "day"])]
        indexes = [models.Index(fields=["id"], name="hotlist_hit_waiting", condition=Q(state="found"))]
        triggers = [
            *Record.Meta.triggers,
            guard("pk_01_hit_in_force", RAISED_IN_FORCE, on=pgtrigger.Insert | pgtrigger.Update),
            unchanged("pk_01_hit_fixed", ["entry_id", "plate", "day", "exact"], "PK-01", "A hit stays as found."),
        ]  # fmt: skip
        verbose_name = "read that fits a hotlist"
        verbose_name_plural = "reads that fit a hotlist"

    def __str__(self) -> str:
        return f"Hit {self.pk}"

    @property
    def key(self) -> str:
        """The key of its alert: one alert for each entry, plate and day."""
        return f"hotlist:{self.entry_id}:{self.plate}:{self.day}"
