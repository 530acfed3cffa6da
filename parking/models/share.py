"""Plate data given to another public agency of California, on a recorded request (PK-08): which may, who asked, what left.

No list of forbidden names is complete, so there is a list of those that may: `PublicAgency` is the owner's.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.models.plate_guards import in_one_spelling
from parking.never_shared import ACCENTS, ELSEWHERE, FEDERAL, FEDERAL_NAME, GAPS, IMMIGRATION, LOOKS_LATIN

_UNSEEN = r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"


def _seen(*columns: str) -> str:
    """SQL: these columns as `parking.never_shared` reads texts, Latin letters and one blank between words."""
    text = f"regexp_replace(normalize(concat_ws(' ', {', '.join(columns)}), NFKD), '{ACCENTS}|{_UNSEEN}', '', 'g')"
    latin = f"translate({text}, '{''.join(LOOKS_LATIN)}', '{''.join(LOOKS_LATIN.values())}')"
    return rf"regexp_replace({latin}, '({GAPS}|\s)+', ' ', 'g')"


def names_it(patterns: tuple[str, str], *columns: str) -> str:
    """SQL: whether these columns name what `parking.never_shared` has these patterns for."""
    any_case, capitals = patterns
    return f"({_seen(*columns)} ~* '{any_case}' OR {_seen(*columns)} ~ '{capitals}')"


def as_words(*columns: str) -> str:
    """SQL: what `parking.never_shared.as_words` makes of them."""
    letters = rf"lower(regexp_replace({_seen(*columns)}, '[''\u2018\u2019]', '', 'g'))"
    return f"concat(' ', btrim(regexp_replace({letters}, '[^a-z0-9]+', ' ', 'g')), ' ')"


WRITTEN = ("NEW.request", "NEW.purpose", "NEW.reasons")
GIVEN_ON_A_REQUEST = f"""
SELECT a.name, a.listed_id, {as_words("a.name")} INTO of_name, of_key, of_words FROM parking_partneragency a
    WHERE a.id = NEW.agency_id AND a.state = 'CA' AND a.is_public AND a.withdrawn_at IS NULL;
IF of_key IS NULL OR NOT EXISTS (
        SELECT 1 FROM parking_publicagency l WHERE l.key = of_key AND l.withdrawn_at IS NULL AND l.name = of_name) THEN
    {refuse("PK-08", "Plate data goes only to a public agency of California that is on the owner's list.")}
END IF;
IF NEW.for_immigration OR NEW.outcome = 'granted' AND {names_it(IMMIGRATION, *WRITTEN)} THEN
    {refuse("PK-08", "Plate data is never given for immigration enforcement.")}
END IF;
IF NEW.outcome = 'granted' AND ({names_it(FEDERAL, *WRITTEN)} OR {names_it(IMMIGRATION, "of_name")}
                                OR {names_it(FEDERAL_NAME, "of_name")}) THEN
    {refuse("PK-08", "Plate data is never given to a federal agency, nor to one for another.")}
END IF;
IF NEW.outcome = 'granted' AND {names_it(ELSEWHERE, "of_name", *WRITTEN)} THEN
    {refuse("PK-08", "Plate data is never given to another state nor to a company, nor to one for another.")}
END IF;
said := replace({as_words(*WRITTEN)}, of_words, ' ');
IF NEW.outcome = 'granted' AND EXISTS (
        SELECT 1 FROM parking_publicagency l WHERE l.key <> of_key AND strpos(said, {as_words("l.name")}) > 0) THEN
    {refuse("PK-08", "What is written names another agency; each asks for itself.")}
END IF;
IF NOT (ecpd_has_role(NEW.decided_by_id, 'captain') OR ecpd_has_role(NEW.decided_by_id, 'chief')) THEN
    {refuse("PK-08", "A captain or the chief decides on sharing.")}
END IF;
"""
NO_FEDERAL_AGENCY = f"""
IF {names_it(IMMIGRATION, "NEW.name", "NEW.contact")} THEN
    {refuse("PK-08", "An agency of immigration enforcement receives no plate data.")}
END IF;
IF {names_it(FEDERAL_NAME, "NEW.name")} OR {names_it(FEDERAL, "NEW.contact")} THEN
    {refuse("PK-08", "A federal agency receives no plate data.")}
END IF;
IF {names_it(ELSEWHERE, "NEW.name", "NEW.contact")} THEN
    {refuse("PK-08", "An agency of another state, or a company, receives no plate data.")}
END IF;
"""
FROM_THE_LIST = f"""
IF TG_OP = 'UPDATE' AND NEW.listed_id IS NOT DISTINCT FROM OLD.listed_id THEN RETURN NEW; END IF;
IF NOT EXISTS (SELECT 1 FROM parking_publicagency l WHERE l.key = NEW.listed_id AND l.withdrawn_at IS NULL
               AND l.name = NEW.name AND l.kind = NEW.kind) THEN
    {refuse("PK-08", "An agency that may ask is one of the owner's list, by its name there.")}
END IF;
"""


class AgencyKind(models.TextChoices):
    """What a public agency of California is (Civ. Code 1798.90.5(f): the state, a city, a county, or a part of them)."""

    CITY = "city", "City or town"
    COUNTY = "county", "County"
    STATE = "state", "State of California"
    DISTRICT = "district", "Special or school district"


class PublicAgency(models.Model):
    """A public agency of California that may receive plate data. The owner's list; the application only reads it.

    `manage.py load_agencies` adds to it, `manage.py withdraw_agency` takes one off; what stands is not rewritten.
    """

    owners_data = True

    key = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=10, choices=AgencyKind.choices)
    law = models.CharField("by which law it is one", max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "public agencies of California"

    def __str__(self) -> str:
        return self.name


class PartnerAgency(Record):
    """An agency that may ask, with the person there who does. It is one of the owner's list."""

    Kind = AgencyKind

    listed = models.ForeignKey(
        PublicAgency, null=True, blank=True, on_delete=models.PROTECT, related_name="partners",
        help_text="Which of the owner's list it is; one that was entered before there was a list has none.",
    )  # fmt: skip
    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=10, choices=AgencyKind.choices)
    state = models.CharField(max_length=2, default="CA")
    is_public = models.BooleanField(default=True)
    contact = models.CharField("who asks for it", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    once = ("listed_id", "withdrawn_at")
    born_with = ("listed_id",)

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
            guard("pk_08_on_the_list", FROM_THE_LIST, on=pgtrigger.Insert | pgtrigger.Update),
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
        triggers = [
            *Ledger.Meta.triggers,
            guard(
                "pk_08_on_a_request", GIVEN_ON_A_REQUEST, on=pgtrigger.Insert,
                declare=[("of_name", "text"), ("of_key", "text"), ("of_words", "text"), ("said", "text")],
            ),
        ]  # fmt: skip
        verbose_name = "request of another agency"
        verbose_name_plural = "requests of other agencies"

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.agency}, {self.received_on}"


class AccessReport(Ledger):
    """One month's accesses to plate data in numbers (PK-17): made once, public."""

    month = models.DateField(unique=True, help_text="Its first day.")
    figures = JSONField(shape="o")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-month"]
        verbose_name = "report on plate data"
        verbose_name_plural = "reports on plate data"

    def __str__(self) -> str:
        return f"Access report {self.month:%Y-%m}"
