"""Forms of citations: writing one, saying that it is attached, voiding, pausing, copies."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from ecpd.web.forms import TileRadios, UswdsFormMixin
from parking.citations.money import dollars
from parking.ingest.regions import STATES
from parking.models import Alert, CitationDelivery, Zone
from parking.plates.likeness import normalise
from parking.selectors.citation_again import in_words, shown_by
from parking.selectors.violation import violations_in_force
from parking.services.citation_draft import COLORS

PROVINCE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")  # a plate from abroad, as its alert was confirmed
ONLY = "What the alert does not show is cited by hand, in a draft of its own."
NOTHING = "The table of violations has none for it: cite what you see by hand."
TICK_AT_VEHICLE = "I compared plate, state and vehicle with this form, standing at the vehicle"
TICK_ATTACH = "I print this citation and attach it to the vehicle myself"


REGIONS = [
    ("US-CA", "California"),
    *((f"US-{code}", name) for code, name in STATES.items() if code != "CA"),
    ("MX", "Mexico"),
    ("CA", "Canada"),
    ("XX", "Another country"),
]


class _RowField(forms.ChoiceField):
    """A choice among rows that are read already, by their keys; its value is the row, None when nothing is chosen."""

    rows: dict[str, Any] = {}

    def offer(self, rows: dict[str, Any], *, empty: str, label: Callable[[Any], str] = str) -> None:
        """Take rows to choose from, and what stands first."""
        self.rows = rows
        self.choices = [("", empty), *((key, label(row)) for key, row in rows.items())]

    def clean(self, value: Any) -> Any:
        """The row itself."""
        return self.rows.get(super().clean(value))


def _priced(violation: Any) -> str:
    return f"{violation.section}, {violation.title} ({dollars(violation.cents)})"


def _on_its_block(zone: Zone) -> str:
    """The zone with its cross streets: a street has many of one name."""
    ends = [end for end in (zone.cross_street_start, zone.cross_street_end) if end]
    return f"{zone}, {' to '.join(ends)}" if ends else f"{zone}, {str(zone.pk)[:8]}"


def _offered() -> tuple[dict[str, Any], dict[str, Any]]:
    """Violations that can be cited today by code, enforced zones by id."""
    zones = Zone.objects.filter(enforced=True, ends_at__isnull=True)
    violations = violations_in_force(timezone.localdate())
    return {row.code: row for row in violations}, {str(row.pk): row for row in zones}


class CitationForm(UswdsFormMixin, forms.Form):
    """What an officer writes down at the vehicle (PK-07)."""

    violation = _RowField()
    on = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    about = forms.TimeField(label="Time, approximately", widget=forms.TimeInput(attrs={"type": "time"}))
    zone = _RowField(required=False, help_text="Needed for time limits and permit zones: permits are looked up in it.")
    place = forms.CharField(
        max_length=200, help_text="Street, block and side, for instance Demo Street 400, east side."
    )
    plate = forms.CharField(label="License plate", max_length=12)
    plate_state = forms.ChoiceField(label="State of the plate", choices=REGIONS)
    registration_expiry = forms.CharField(
        label="Registration expires", required=False, max_length=7, help_text="Month and year as on the tag: 04/2027.",
        validators=[RegexValidator(r"^(0[1-9]|1[0-2])/20\d\d$", "Write month and year as 04/2027.")],
    )  # fmt: skip
    expiry_not_visible = forms.BooleanField(label="It is not visible", required=False)
    vin_last4 = forms.CharField(
        label="Last four of the VIN", required=False, max_length=4,
        validators=[RegexValidator(r"^[A-HJ-NPR-Z0-9]{4}$", "Four letters or digits; a VIN has no I, O or Q.")],
    )  # fmt: skip
    vin_not_readable = forms.BooleanField(label="It is not readable", required=False)
    color = forms.ChoiceField(choices=[("", "Choose a color"), *((one, one) for one in COLORS)])
    make = forms.CharField(required=False, max_length=40)
    body = forms.CharField(label="Kind of vehicle", required=False, max_length=40, help_text="Sedan, pickup, van …")
    remarks = forms.CharField(required=False, max_length=500, help_text="Printed on the citation.",
                              widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    justification = forms.CharField(
        label="How you made sure that no permit covers it", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only needed when the checklist asks for it.",
    )  # fmt: skip
    read_at_vehicle = forms.BooleanField(label=TICK_AT_VEHICLE)
    will_attach = forms.BooleanField(label=TICK_ATTACH)

    def __init__(
        self, *args: Any, like: "CitationForm | None" = None, alert: Alert | None = None, **kwargs: Any
    ) -> None:
        """`like`: a form of the same moment, whose violations and zones are offered again instead of read again.

        `alert`: what it rests on; only what that alert shows is offered.
        """
        super().__init__(*args, **kwargs)
        violations, zones = (like.fields[name].rows for name in ("violation", "zone")) if like else _offered()
        if alert is not None:
            violations = {row.code: row for row in shown_by(alert, violations.values())}
            self.fields["violation"].help_text = f"{in_words(alert)}. {ONLY if violations else NOTHING}"
            self.fields["violation"].error_messages["invalid_choice"] = f"{in_words(alert)}. {ONLY}"
        self.fields["violation"].offer(violations, empty="Choose a violation", label=_priced)
        self.fields["zone"].offer(zones, empty="No zone", label=_on_its_block)
        for name in ("registration_expiry", "vin_last4"):  # PK-07: one of the two, so neither is optional
            self.fields[name].otherwise = "or tick below"  # type: ignore[attr-defined]
        if (known := self["plate_state"].value()) and known not in dict(REGIONS):
            self.fields["plate_state"].choices = [*REGIONS, (known, known)] if PROVINCE.fullmatch(known) else REGIONS

    def clean_plate(self) -> str:
        """Letters and digits only, in capitals."""
        plate = normalise(self.cleaned_data["plate"])
        if not plate:
            raise forms.ValidationError("Enter the plate's letters and digits.")
        return plate

    def clean_vin_last4(self) -> str:
        """In capitals."""
        return self.cleaned_data["vin_last4"].upper()

    def clean(self) -> dict[str, Any]:
        """Date and time become one moment, Pacific."""
        cleaned = super().clean()
        said = {word.capitalize() for word in re.findall(r"[A-Za-z]+", cleaned.get("body") or "")} & set(COLORS)
        if said and cleaned.get("color") and cleaned["color"] not in said:
            self.add_error("body", f"It says {min(said).lower()}, and the color is another: correct one of the two.")
        if cleaned.get("on") and cleaned.get("about"):
            local = datetime.combine(cleaned["on"], cleaned["about"])
            cleaned["violation_at"] = timezone.make_aware(local)
            if cleaned["violation_at"] > timezone.now():
                if cleaned["on"] > timezone.localdate():
                    self.add_error("on", "This day has not come yet.")
                else:
                    self.add_error("about", "This time has not come yet.")
        return cleaned

    def observed(self) -> dict[str, Any]:
        """The fields of Citation that were written down; what is not filled in yet is blank."""
        names = ("violation", "violation_at", "zone")
        words = (
            "place",
            "plate",
            "plate_state",
            "registration_expiry",
            "vin_last4",
            "color",
            "make",
            "body",
            "remarks",
        )
        ticks = ("expiry_not_visible", "vin_not_readable")
        read = self.cleaned_data
        return (
            {name: read.get(name) for name in names}
            | {name: read.get(name) or "" for name in words}
            | {name: bool(read.get(name)) for name in ticks}
        )


class DeliveryForm(UswdsFormMixin, forms.Form):
    """How it reached the vehicle."""

    how = forms.ChoiceField(
        label="Did you attach it?", choices=CitationDelivery.How.choices,
        widget=TileRadios(descriptions={
            "attached": "It is on the vehicle, where the driver sees it.",
            "drove_off": "It goes to the registered owner by mail.",
        }),
    )  # fmt: skip
    where = forms.CharField(label="Where on the vehicle", required=False, max_length=80, initial="Windshield")


class ReasonForm(UswdsFormMixin, forms.Form):
    """Why: for a void, a pause, an end of a pause, a withdrawal."""

    reason = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": 3}), min_length=10, help_text="It stays on the record."
    )


class CopyForm(UswdsFormMixin, forms.Form):
    """Somebody asks for a copy."""

    asked_by = forms.CharField(label="Who asks", max_length=120)
    send_to = forms.CharField(label="Address or e-mail", widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
