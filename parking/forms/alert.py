"""Forms of the officer's console."""

from django import forms

from ecpd.web.forms import UswdsFormMixin
from parking.ingest.regions import STATES
from parking.models import AlertAnswer

STATE_CHOICES = [("US-CA", "California"), *((f"US-{code}", name) for code, name in STATES.items() if code != "CA"),
                 ("OTHER", "Another country")]  # fmt: skip
COLORS = (
    "beige",
    "black",
    "blue",
    "brown",
    "gold",
    "gray",
    "green",
    "orange",
    "purple",
    "red",
    "silver",
    "white",
    "yellow",
)


class ConfirmForm(UswdsFormMixin, forms.Form):
    """What the person reads in the pictures, and the ticks."""

    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    plate = forms.CharField(max_length=12)
    plate_state = forms.ChoiceField(label="State", choices=[("", "Choose a state"), *STATE_CHOICES])
    vehicle = forms.CharField(max_length=120, help_text="As you see it, for instance “blue sedan”.")
    color = forms.ChoiceField(required=False, choices=[("", "Not visible"), *((color, color) for color in COLORS)])
    make = forms.CharField(max_length=40, required=False, help_text="If possible.")
    plate_checked = forms.BooleanField(required=False, label="Plate")
    state_checked = forms.BooleanField(required=False, label="State of the plate")
    vehicle_checked = forms.BooleanField(required=False, label="Vehicle")
    no_placard_seen = forms.BooleanField(required=False, label="No disabled placard seen")
    dispatch_confirmed_at = forms.TimeField(
        required=False, label="Dispatch confirmed at", widget=forms.TimeInput(attrs={"type": "time"})
    )
    dispatch_words = forms.CharField(required=False, label="What dispatch said", max_length=200)


class DismissForm(UswdsFormMixin, forms.Form):
    """Why it is no violation."""

    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="Why is it dismissed?", choices=AlertAnswer.Reason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(required=False, label="In words", widget=forms.Textarea(attrs={"rows": 2}))
