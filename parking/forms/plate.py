"""Forms of plate data: looking, holding, sharing."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

from ecpd.web.forms import UswdsFormMixin
from parking.forms.alert import STATE_CHOICES
from parking.models import PartnerAgency, PlateQuery, PublicAgency
from parking.plates.likeness import normalise
from parking.selectors.share import listed_agencies, may_ask

OFFERED = [choice for choice in PlateQuery.Purpose.choices if choice[0] not in ("disclosure",)]


class _PlateForm(UswdsFormMixin, forms.Form):
    plate = forms.CharField(label="Plate", max_length=12)
    plate_state = forms.ChoiceField(label="State", choices=[("", "Any state"), *STATE_CHOICES], required=False)

    def clean_plate(self) -> str:
        """Letters and digits."""
        plate = normalise(self.cleaned_data["plate"])
        if len(plate) < 2:
            raise forms.ValidationError("Enter at least two letters or digits.")
        return plate


class LookupForm(_PlateForm):
    """A look at plate data: what for, and why."""

    purpose = forms.ChoiceField(label="What for?", choices=[("", "Choose a purpose"), *OFFERED])
    reason = forms.CharField(
        label="Why?", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="With a case or citation number if there is one. It is kept with your name and read by the auditor.",
    )  # fmt: skip


class HoldForm(_PlateForm):
    """Data that must stay."""

    since = forms.DateField(label="Reads from", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Reads to", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="What is it needed for?", widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ["plate", "plate_state", "since", "until", "reason"]

    def clean(self):
        """Days become moments, the last one whole."""
        data = super().clean()
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "The end comes after the beginning.")
        for name, clock in (("since", time.min), ("until", time.max)):
            if data.get(name):
                data[name] = timezone.make_aware(datetime.combine(data[name], clock))
        return data


NOT_LISTED = (
    "No public agency of this name is on the list. Choose one as you type. If it is missing, ask the records manager: the "
    "database's owner adds it with `manage.py load_agencies FILE --reason WORDS`."
)


class AgencyForm(UswdsFormMixin, forms.Form):
    """An agency of the owner's list for the register: searched for by its name."""

    listed = forms.CharField(
        label="Agency", max_length=160, widget=forms.TextInput(attrs={"list": "listed-agencies", "autocomplete": "off"}),
        help_text="Type a part of its name and choose. Only public agencies of California on the owner's list can be entered.",
    )  # fmt: skip

    contact = forms.CharField(label="Who asks for it", max_length=200)

    def clean_listed(self) -> PublicAgency:
        """The one of this name."""
        found = listed_agencies().filter(name__iexact=" ".join(self.cleaned_data["listed"].split())).first()
        if found is None:
            raise forms.ValidationError(NOT_LISTED)
        if found.partners.exists():
            raise forms.ValidationError(f"{found} is in the register already.")
        return found


class ShareForm(HoldForm):
    """Another agency's request."""

    agency = forms.ModelChoiceField(PartnerAgency.objects.none(), empty_label="Choose an agency")
    received_on = forms.DateField(
        label="When did the request arrive?", widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate
    )
    request = forms.CharField(
        label="What is asked, by whom, in which letter?", widget=forms.Textarea(attrs={"rows": 2})
    )
    purpose = forms.CharField(label="For what purpose?", widget=forms.Textarea(attrs={"rows": 2}))
    for_immigration = forms.BooleanField(label="It is for immigration enforcement", required=False)
    outcome = forms.ChoiceField(
        label="Decision", choices=[("granted", "Give the data"), ("refused", "Refuse")], widget=forms.RadioSelect
    )
    field_order = ["agency", "received_on", "request", "purpose", "plate", "plate_state", "since", "until",
                   "for_immigration", "outcome", "reason"]  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = may_ask()
        self.fields["reason"].label = "Reasons of the decision"
        for name in ("since", "until"):
            self.fields[name].required = True

    def clean_received_on(self):
        """A request has arrived."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("It cannot have arrived in the future.")
        return day
