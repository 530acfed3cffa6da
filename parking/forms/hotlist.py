"""Forms of hotlists: a new list, an entry, a file, withdrawing."""

from django import forms

from ecpd.web.forms import UswdsFormMixin
from parking.forms.citation import REGIONS
from parking.hotlists.entries import MOST_LETTERS
from parking.models import Hotlist
from parking.plates.likeness import normalise


def _day(label: str, **kwargs) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class HotlistForm(UswdsFormMixin, forms.Form):
    """A new list."""

    kind = forms.ChoiceField(
        label="Why are these plates looked for?", choices=Hotlist.Kind.choices, widget=forms.RadioSelect,
        help_text="Who answers alerts reads this only after dispatch has confirmed.",
    )  # fmt: skip
    source = forms.CharField(max_length=120, help_text="Agency and system it comes from.")
    reason = forms.CharField(label="What it is for", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)
    expires_on = _day("Good until")


class EntryForm(UswdsFormMixin, forms.Form):
    """One plate."""

    plate = forms.CharField(label="License plate", max_length=12)
    plate_state = forms.ChoiceField(label="State of the plate", choices=[("", "Not known"), *REGIONS], required=False)
    vehicle = forms.CharField(max_length=120, required=False,
                              help_text="The vehicle only, never why it is looked for: “blue Honda Civic”.")  # fmt: skip
    reference = forms.CharField(label="The source's number", max_length=60, required=False)
    expires_on = _day("Good until", required=False, help_text="Empty: as long as the list.")

    def clean_plate(self) -> str:
        """Letters and digits only, in capitals."""
        plate = normalise(self.cleaned_data["plate"])
        if not 2 <= len(plate) <= MOST_LETTERS:
            raise forms.ValidationError(f"A plate has 2 to {MOST_LETTERS} letters and digits.")
        return plate


class ImportForm(UswdsFormMixin, forms.Form):
    """A file of plates."""

    upload = forms.FileField(label="CSV file")
    whole = forms.BooleanField(label="The file is the whole list: withdraw what is not in it", required=False)

    def clean_upload(self):
        """Not too large."""
        if self.cleaned_data["upload"].size > 10 * 2**20:
            raise forms.ValidationError("The file is larger than 10 MB; split it.")
        return self.cleaned_data["upload"]


class WithdrawForm(UswdsFormMixin, forms.Form):
    """Why it is withdrawn."""

    reason = forms.CharField(label="Why is it withdrawn?", widget=forms.Textarea(attrs={"rows": 2}), min_length=10,
                             max_length=500)  # fmt: skip
