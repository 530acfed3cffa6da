"""Forms of abandoned vehicles: report, marked warning, second look, closing."""

from typing import Any

from django import forms

from ecpd.web.forms import TileRadios, UswdsFormMixin
from parking.abandoned import grounds
from parking.forms.citation import REGIONS
from parking.forms.contest import DocumentsField
from parking.models import AbandonedVehicle

KINDS = {
    grounds.STORED: "Stands 72 hours or more against a city ordinance. Moving it ends the matter.",
    grounds.ABANDONED: "Looks given up on grounds you can name. Time alone never says so.",
    grounds.HULK: "Lacks engine, wheels, doors, windshield or another major part.",
}
WARNING = (
    "This vehicle is reported as {kind}. If it is not moved within {hours} hours it may be removed under {authority}. "
    "Questions: {contact}."
)


class PhotosField(DocumentsField):
    """Up to five photos, each a picture by its bytes; cleaned to a list of Upload."""

    def __init__(self, *, needed: bool = False, hint: str = "", **kwargs: Any) -> None:
        super().__init__(help_text=f"{hint}JPEG, PNG or HEIC, five at most, 10 MB each.", **kwargs)
        self.required = needed
        self.widget.attrs["accept"] = ".jpg,.jpeg,.png,.heic"

    def clean(self, data, initial=None):
        """Raises ValidationError for anything that is no picture."""
        uploads = super().clean(data, initial)
        if self.required and not uploads:
            raise forms.ValidationError("Add at least one photo.")
        if any(upload.content.startswith(b"%PDF-") for upload in uploads):
            raise forms.ValidationError("A PDF is no photo; send the picture itself.")
        return uploads


def words_field(label: str, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=2000, **kwargs)


def odometer_field() -> forms.DecimalField:
    """The odometer, if it can be read through the glass."""
    return forms.DecimalField(label="Odometer, miles", required=False, min_value=0, max_digits=9, decimal_places=1,
                              help_text="If you can read it through the glass.")  # fmt: skip


class ReportForm(UswdsFormMixin, forms.Form):
    """A vehicle that somebody told of or an officer saw."""

    kind = forms.ChoiceField(label="What is it, as far as you know?", choices=AbandonedVehicle.Kind.choices,
                             widget=TileRadios(descriptions=KINDS))  # fmt: skip
    source = forms.ChoiceField(
        label="How it came up", choices=[("citizen", "A call or message"), ("officer", "I saw it")]
    )
    vehicle = forms.CharField(max_length=120, help_text="As you see it, for instance “green Ford pickup”.")
    plate = forms.CharField(label="License plate", max_length=12, required=False, help_text="Empty: it has none.")
    plate_state = forms.ChoiceField(
        label="State of the plate", choices=[("", "None, or not known"), *REGIONS], required=False
    )
    vin = forms.CharField(label="VIN", max_length=17, required=False, help_text="If you can read it.")
    place = forms.CharField(max_length=200, help_text="Street, block and side.")
    words = words_field("What was reported", required=False,
                        help_text="A caller's word on how long it has stood there starts no clock.")  # fmt: skip
    photos = PhotosField(label="Photos")


class FromAlertForm(ReportForm):
    """A report that continues an alert which a person has confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["source"]
        for name in ("plate", "plate_state"):
            self.fields[name].disabled = True  # a disabled field is its initial value, whatever was sent
            self.fields[name].help_text = "As confirmed with the alert."


class MarkForm(UswdsFormMixin, forms.Form):
    """The marked warning."""

    kind = forms.ChoiceField(
        label="What is it?", choices=AbandonedVehicle.Kind.choices, widget=TileRadios(descriptions=KINDS)
    )
    grounds_abandoned = forms.MultipleChoiceField(
        label="If abandoned: on what grounds?", required=False, choices=list(grounds.ABANDONED_GROUNDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    grounds_hulk = forms.MultipleChoiceField(
        label="If a hulk: what is missing?", required=False, choices=list(grounds.MISSING_PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    grounds_words = words_field("What you see", required=False)
    photos = PhotosField(label="Photos of vehicle, plate and wheels", needed=True)
    marks = words_field("How the wheels stand", 2,
                        help_text="Valve stems as on a clock, stains, leaves. No chalk on the tire.")  # fmt: skip
    odometer = odometer_field()
    notice_text = words_field("What the notice says", 4)
    notice_where = forms.CharField(label="Where you left the notice", max_length=120)

    def clean(self) -> dict[str, Any]:
        """The grounds of the chosen matter only, and a notice that names no other matter's law."""
        answers = super().clean() or {}
        others = [law for kind, law in grounds.AUTHORITY.items() if kind != answers.get("kind")]
        if any(law.split(",")[0] in answers.get("notice_text", "") for law in others):
            self.add_error("notice_text", "It names the law of another matter; write the one you have chosen.")
        both = {grounds.ABANDONED: answers.pop("grounds_abandoned", []), grounds.HULK: answers.pop("grounds_hulk", [])}
        return answers | {"grounds": both.get(answers.get("kind", ""), [])}


class LookForm(UswdsFormMixin, forms.Form):
    """A second look."""

    there = forms.TypedChoiceField(label="What do you find?", coerce=lambda value: value == "yes", widget=forms.RadioSelect,
                                   choices=[("yes", "It is there"), ("no", "It is gone")])  # fmt: skip
    words = words_field("Compared with the warning", 3, help_text="How the valve stems and other points stand now.")
    odometer = odometer_field()
    miles = forms.DecimalField(label="How far it stands from where it was marked, miles", required=False, min_value=0,
                               max_digits=6, decimal_places=2, help_text="Empty: it stands where it was marked.")  # fmt: skip
    photos = PhotosField(label="Photos of vehicle, plate and wheels", hint="Needed when it is still there. ")


class CloseForm(UswdsFormMixin, forms.Form):
    """Nothing is left to do."""

    outcome = forms.ChoiceField(label="Why?", widget=forms.RadioSelect, choices=[
        ("unfounded", "Nothing to do"), ("moved", "Moved by its owner"), ("gone", "It is gone")])  # fmt: skip
    reason = words_field("In words", 2, min_length=10)
