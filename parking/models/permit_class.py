"""PermitClass: what can be applied for; PermitTerms: its rules from a day on, under a resolution (PK-16).

There is no field for the kind of dwelling, and words that ask for it are refused (Vehicle Code 22507).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.records import Ledger, Record, unchanged
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.models.zone import CurbArea
from parking.permits.household import DWELLING_WORDS, price_of


class PermitClass(Record):
    """A class of permit: its name and kind stay, its rules are terms."""

    class Kind(models.TextChoices):
        """Whom it is for."""

        RESIDENTIAL = "residential", "Residential"
        VISITOR = "visitor", "Visitor"
        DISABLED = "disabled", "Person with a disability"
        CONTRACTOR = "contractor", "Contractor"
        ELECTRIC = "electric", "Electric vehicle"

    code = models.SlugField("short code", max_length=20, unique=True)
    name = models.CharField(max_length=60, help_text="As people say it: Residential permit A.")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.TextField("what it is for", blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["kind", "name"]
        verbose_name_plural = "permit classes"
        constraints = [
            models.CheckConstraint(
                name="ac_07_permit_class_withdrawn",
                condition=Q(withdrawn_at__isnull=True) | says("withdrawn_reason"),
                violation_error_message="A class of permit is withdrawn with a reason.",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("pk_16_permit_class_fixed", ["code", "name", "kind", "added_by_id"], "PK-16",
                      "A class of permit keeps its name: withdraw it and add another."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The class's page."""
        return reverse("parking:permit-class", args=[self.code])


class PermitTerms(Ledger):
    """The rules of a class from a day on. A change is a new row; the newest that began counts for new permits."""

    permit_class = models.ForeignKey(PermitClass, on_delete=models.PROTECT, related_name="terms")
    everywhere = models.BooleanField("valid in every zone", default=False)
    areas = models.ManyToManyField(CurbArea, blank=True, related_name="permit_terms")
    user_class = models.CharField("curb user class", max_length=40, help_text="As the curb rules name it: permit-A.")
    limit_minutes = models.PositiveIntegerField(
        "own time limit, minutes", null=True, blank=True, help_text="Empty: it lifts the zone's time limit."
    )
    duration_days = models.PositiveSmallIntegerField("valid for, days")
    prices = ArrayField(models.PositiveIntegerField(), help_text="Cents, for a household's first, second, … permit.")
    most_per_household = models.PositiveSmallIntegerField()
    plates_max = models.PositiveSmallIntegerField("plates at a time", default=1)
    one_at_a_time = models.BooleanField(
        "only one of its vehicles parks at a time", default=False, help_text="Two seen at once is a shared permit."
    )
    guest_hours = models.PositiveSmallIntegerField("a guest's visit, hours", null=True, blank=True)
    guest_visits_max = models.PositiveSmallIntegerField("guests' visits, all in all", null=True, blank=True)
    eligibility = models.TextField("who may have it", help_text="Never the kind of dwelling (Vehicle Code 22507).")
    documents = models.TextField("documents asked for", blank=True, help_text="One a line.")
    resolution = models.CharField("council resolution", max_length=120)
    resolved_on = models.DateField("resolved on")
    effective_on = models.DateField("in force from")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-effective_on", "-id"]
        verbose_name_plural = "permit terms"
        constraints = [
            models.CheckConstraint(
                name="pk_16_terms_on_a_resolution",
                condition=says("resolution") & Q(resolved_on__lte=models.F("effective_on")),
                violation_error_message="Permit rules carry the resolution that set them, taken before they are in force.",
            ),
            models.CheckConstraint(
                name="pk_16_never_asks_dwelling",
                condition=~Q(eligibility__iregex=DWELLING_WORDS) & ~Q(documents__iregex=DWELLING_WORDS),
                violation_error_message="Eligibility never asks the kind of dwelling (Vehicle Code 22507).",
            ),
            models.CheckConstraint(
                name="permit_terms_whole",
                condition=Q(prices__len__gt=0) & Q(duration_days__gt=0) & Q(most_per_household__gt=0)
                & says("user_class") & says("eligibility"),
                violation_error_message="Terms have a price, a duration, a most per household, a class and eligibility.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.permit_class}, from {self.effective_on}"

    @property
    def asked(self) -> list[str]:
        """The documents asked for."""
        return [line.strip() for line in self.documents.splitlines() if line.strip()]

    @property
    def is_for_guests(self) -> bool:
        """Whether its plates come by guest codes."""
        return self.guest_hours is not None

    def price(self, nth: int) -> int:
        """Cents for a household's nth permit."""
        return price_of(self.prices, nth)
