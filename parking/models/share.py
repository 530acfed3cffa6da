"""PartnerAgency and PlateShare: plate data given to another public agency of California, on a recorded request (PK-08)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.models.plate_guards import in_one_spelling
from parking.never_shared import ACCENTS, FEDERAL, FEDERAL_NAME, GAPS, IMMIGRATION, LOOKS_LATIN

_UNSEEN = r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"


def names_it(patterns: tuple[str, str], *columns: str) -> str:
    """SQL: whether these columns name what `parking.never_shared` has these patterns for, as it reads texts."""
    text = f"regexp_replace(normalize(concat_ws(' ', {', '.join(columns)}), NFKD), '{ACCENTS}|{_UNSEEN}', '', 'g')"
    latin = f"translate({text}, '{''.join(LOOKS_LATIN)}', '{''.join(LOOKS_LATIN.values())}')"
    seen = rf"regexp_replace({latin}, '({GAPS}|\s)+', ' ', 'g')"
    any_case, capitals = patterns
    return f"({seen} ~* '{any_case}' OR {seen} ~ '{capitals}')"


GIVEN_ON_A_REQUEST = f"""
IF NOT EXISTS (SELECT 1 FROM parking_partneragency a WHERE a.id = NEW.agency_id AND a.state = 'CA' AND a.is_public
               AND a.withdrawn_at IS NULL) THEN
    {refuse("PK-08", "Plate data goes only to a public agency of California.")}
END IF;
IF NEW.for_immigration OR NEW.outcome = 'granted' AND {names_it(IMMIGRATION, "NEW.request", "NEW.purpose")} THEN
    {refuse("PK-08", "Plate data is never given for immigration enforcement.")}
END IF;
IF NEW.outcome = 'granted' AND ({names_it(FEDERAL, "NEW.request", "NEW.purpose")} OR EXISTS (
        SELECT 1 FROM parking_partneragency a WHERE a.id = NEW.agency_id AND ({names_it(IMMIGRATION, "a.name")}
            OR {names_it(FEDERAL_NAME, "a.name")}))) THEN
    {refuse("PK-08", "Plate data is never given to a federal agency, nor to one for another.")}
END IF;
IF NOT (ecpd_has_role(NEW.decided_by_id, 'captain') OR ecpd_has_role(NEW.decided_by_id, 'chief')) THEN
    {refuse("PK-08", "A captain or the chief decides on sharing.")}
END IF;
"""


NO_FEDERAL_AGENCY = f"""
IF {names_it(IMMIGRATION, "NEW.name")} THEN
    {refuse("PK-08", "An agency of immigration enforcement receives no plate data.")}
END IF;
IF {names_it(FEDERAL_NAME, "NEW.name")} THEN
    {refuse("PK-08", "A federal agency receives no plate data.")}
END IF;
"""


class PartnerAgency(Record):
    """An agency that may ask. Only state and local public agencies of California can be entered."""

    class Kind(models.TextChoices):
        """What it is."""

        CITY = "city", "City or town"
        COUNTY = "county", "County"
        STATE = "state", "State of California"
        DISTRICT = "district", "Special or school district"

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=2, default="CA")
    is_public = models.BooleanField(default=True)
    contact = models.CharField("who asks for it", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    once = ("withdrawn_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["name"]
        verbose_name_plural = "partner agencies"
        constraints = [
            models.CheckConstraint(
                name="pk_08_public_agency_of_california",
                condition=Q(state="CA", is_public=True),
                violation_error_message="Only a public agency of California can receive plate data.",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("pk_08_agency_fixed", ["name", "kind", "state", "is_public"], "PK-08",
                      "An agency is withdrawn, never rewritten."),
            guard("pk_08_no_agency_of_immigration", NO_FEDERAL_AGENCY, on=pgtrigger.Insert),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PlateShare(Ledger):
    """One request of another agency and its decision; granted ones name what was given."""

    class Outcome(models.TextChoices):
        """The two."""

        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"

    agency = models.ForeignKey(PartnerAgency, on_delete=models.PROTECT, related_name="shares")
    request = models.TextField("what was asked, by whom, in which letter")
    received_on = models.DateField()
    purpose = models.TextField()
    plate = models.CharField(max_length=12)
    plate_state = models.CharField(max_length=6, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    for_immigration = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reasons = models.TextField()
    records = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file that was given.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            in_one_spelling("pk_08_share_in_one_spelling", state=False),
            models.CheckConstraint(
                name="pk_08_request_recorded",
                condition=says("request") & says("purpose") & says("reasons"),
                violation_error_message="A share names its request, its purpose and the reasons of the decision.",
            ),
        ]
        triggers = [*Ledger.Meta.triggers, guard("pk_08_on_a_request", GIVEN_ON_A_REQUEST, on=pgtrigger.Insert)]
        verbose_name = "request of another agency"
        verbose_name_plural = "requests of other agencies"

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.agency}, {self.received_on}"


class AccessReport(Ledger):
    """One month's accesses to plate data in numbers (PK-17): made once, public."""

    month = models.DateField(unique=True, help_text="Its first day.")
    figures = JSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-month"]
        verbose_name = "report on plate data"
        verbose_name_plural = "reports on plate data"

    def __str__(self) -> str:
        return f"Access report {self.month:%Y-%m}"
