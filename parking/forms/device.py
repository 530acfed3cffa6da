"""Forms of readers."""

from zoneinfo import available_timezones

from django import forms

from ecpd.web.forms import UswdsFormMixin
from parking.models import Device


class DeviceForm(UswdsFormMixin, forms.Form):
    """A new reader."""

    name = forms.CharField(max_length=80, help_text="As officers will see it, for instance “Car 12 reader”.")
    car = forms.CharField(label="Car or place it is mounted on", max_length=80, required=False)
    format = forms.ChoiceField(label="What does it speak?", choices=Device.Format.choices)
    time_zone = forms.CharField(
        label="Time zone",
        max_length=60,
        required=False,
        help_text="Only for readers that send times without an offset, for instance America/Los_Angeles. "
        "Empty: such times are refused.",
    )

    def clean_name(self) -> str:
        """Each reader has its own name."""
        name = self.cleaned_data["name"].strip()
        if Device.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a reader of this name. Choose another one.")
        return name

    def clean_time_zone(self) -> str:
        """A time zone that exists."""
        zone = self.cleaned_data["time_zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError("No time zone has this name. Write it as America/Los_Angeles.")
        return zone


class ReasonForm(UswdsFormMixin, forms.Form):
    """Why something is ended."""

    reason = forms.CharField(label="Why?", widget=forms.Textarea(attrs={"rows": 2}), min_length=10)
