"""Forms of zones: drawing, details, rules, imports."""

import json
import uuid

from django import forms
from django.utils import timezone
from shapely import GEOSException
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ecpd.web.forms import ManyFiles, UswdsFormMixin
from parking.curbs.shapes import trouble_of
from parking.curbs.types import Activity, CurbPolicy, CurbRule, TimeSpan
from parking.models import Zone
from parking.selectors.curb_rows import milliseconds

DAYS = [("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday"), ("3", "Thursday"), ("4", "Friday"), ("5", "Saturday"),
        ("6", "Sunday")]  # fmt: skip
SIDES = [("", "Not entered"), ("N", "North"), ("NE", "Northeast"), ("E", "East"), ("SE", "Southeast"), ("S", "South"),
         ("SW", "Southwest"), ("W", "West"), ("NW", "Northwest")]  # fmt: skip
WHAT = [("limit", "A time limit"), ("no_parking", "No parking (street cleaning, for instance)"),
        ("no_stopping", "No stopping (red curb)")]  # fmt: skip


class RuleForm(UswdsFormMixin, forms.Form):
    """One regulation as the sign says it."""

    what = forms.ChoiceField(label="What holds?", choices=WHAT)
    limit_minutes = forms.IntegerField(label="Limit in minutes", required=False, min_value=1, max_value=7 * 24 * 60)
    no_return_minutes = forms.IntegerField(
        label="No return within, minutes", required=False, min_value=1, max_value=24 * 60,
        help_text="How long a car must be away before it may park here again. Empty: nothing is said.",
    )  # fmt: skip
    days = forms.MultipleChoiceField(
        label="On which days?", choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means every day.",
    )  # fmt: skip
    begin = forms.TimeField(label="From", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label="To", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    weeks = forms.MultipleChoiceField(
        label="In which weeks of the month?", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(n), words) for n, words in enumerate(("1st", "2nd", "3rd", "4th", "5th"), start=1)],
        help_text="None chosen means every week.",
    )  # fmt: skip
    except_holidays = forms.BooleanField(label="Not on holidays", required=False)
    permit = forms.CharField(
        label="Lifted for this permit class", required=False, max_length=40,
        help_text="The class's word, for instance permit_a. Empty: for nobody.",
    )  # fmt: skip

    def clean(self):
        """A limit needs its minutes; hours come in order."""
        data = super().clean()
        if data.get("what") == "limit" and not data.get("limit_minutes"):
            self.add_error("limit_minutes", "Enter how long a car may stay.")
        begin, end = data.get("begin"), data.get("end")
        if begin and end and end <= begin:
            self.add_error("end", "The end must come after the beginning. Hours past midnight are two rules.")
        return data

    def policy(self) -> CurbPolicy:
        """The regulation as a policy with a new id."""
        data = self.cleaned_data
        activity = {"limit": Activity.PARKING, "no_parking": Activity.NO_PARKING, "no_stopping": Activity.NO_STOPPING}
        limited = data["what"] == "limit"
        rule = CurbRule(
            activity[data["what"]],
            max_stay=data["limit_minutes"] if limited else None,
            no_return=data["no_return_minutes"] if limited else None,
            user_classes_except=(data["permit"].strip(),) if data["permit"].strip() else (),
        )
        span = TimeSpan(
            days=frozenset(map(int, data["days"])),
            start=data["begin"],
            end=data["end"],
            weeks_of_month=frozenset(map(int, data["weeks"])),
            period="holidays" if data["except_holidays"] else "",
            period_except=data["except_holidays"],
        )
        spans = () if span == TimeSpan() else (span,)
        priority = {"no_stopping": 10, "no_parking": 20, "limit": 50}[data["what"]]
        return CurbPolicy(str(uuid.uuid4()), priority, (rule,), spans, published_ms=milliseconds(timezone.now()))


class PlaceForm(UswdsFormMixin, forms.Form):
    """Where a zone is, as drawn, and what it rests on."""

    geometry = forms.CharField(widget=forms.HiddenInput)
    street = forms.CharField(max_length=120)
    cross_street_start = forms.CharField(label="From", max_length=120, required=False, help_text="The cross street.")
    cross_street_end = forms.CharField(label="To", max_length=120, required=False)
    side = forms.ChoiceField(label="Side of the street", choices=SIDES, required=False)
    scope = forms.ChoiceField(label="A stay is measured over", choices=Zone.Scope.choices)
    resolution = forms.CharField(label="Council resolution", max_length=80, required=False)
    signs_since = forms.DateField(
        label="Signs stand since", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    enforced = forms.BooleanField(
        label="Enforce it", required=False, help_text="Needs the resolution and the date of the signs."
    )

    def clean_geometry(self) -> BaseGeometry:
        """A shape that was drawn and is whole."""
        try:
            drawn = shape(json.loads(self.cleaned_data["geometry"]))
        except (ValueError, KeyError, TypeError, AttributeError, GEOSException):
            raise forms.ValidationError("Draw the zone on the map.") from None
        if drawn.geom_type not in ("Polygon", "LineString"):
            raise forms.ValidationError("Draw one line along the curb, or one shape.")
        if trouble := trouble_of(drawn, ("Polygon", "LineString")):
            raise forms.ValidationError(f"The shape cannot be used: {trouble}")
        return drawn

    def clean(self):
        """Enforced only on a resolution, with signs (PK-16)."""
        data = super().clean()
        if data.get("enforced") and not (data.get("resolution", "").strip() and data.get("signs_since")):
            self.add_error("enforced", "Enter the resolution and the date of the signs first (PK-16).")
        return data


class DetailsForm(UswdsFormMixin, forms.ModelForm):
    """What may change of a zone."""

    class Meta:
        model = Zone
        fields = ["name", "user_zone_id", "scope", "no_return_distance_m", "resolution", "signs_since", "enforced"]
        widgets = {"signs_since": forms.DateInput(attrs={"type": "date"})}


class ImportForm(UswdsFormMixin, forms.Form):
    """Curb data to import."""

    files = ManyFiles(
        label="Files",
        help_text="CDS: zones and policies, in one file or several, or the ZIP archive of an export. CurbLR, GeoJSON or "
        "CSV: one file.",
    )
    format = forms.ChoiceField(
        choices=[("cds", "Curb Data Specification 1.0 or 1.1"), ("curblr", "CurbLR 1.x"),
                 ("geojson", "GeoJSON with columns"), ("csv", "CSV with columns")],
    )  # fmt: skip
    mapping = forms.CharField(
        label="Columns", required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="For GeoJSON and CSV: our field, a colon, your column; one a line. For instance “limit: HRLIMIT”. "
        "Empty takes San Francisco's names.",
    )  # fmt: skip
    only_check = forms.BooleanField(label="Only check, import nothing", required=False)

    def clean_mapping(self) -> dict[str, str]:
        """Lines of "field: column"."""
        found = {}
        for line in self.cleaned_data["mapping"].splitlines():
            if not line.strip():
                continue
            ours, colon, theirs = line.partition(":")
            if not colon or not theirs.strip():
                raise forms.ValidationError(f"“{line.strip()}” is not a field, a colon and a column.")
            found[ours.strip()] = theirs.strip()
        return found
