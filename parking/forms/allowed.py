"""The form of the one question: may this plate stand here now?"""

from django import forms

from ecpd.web.forms import UswdsFormMixin
from parking.forms.alert import STATE_CHOICES
from parking.forms.plate import OFFERED
from parking.models import Zone
from parking.plates.likeness import normalise


class CheckForm(UswdsFormMixin, forms.Form):
    """A plate, a zone, and what it is asked for."""

    plate = forms.CharField(max_length=16)
    state = forms.ChoiceField(choices=[("", "Not known"), *STATE_CHOICES], required=False)
    zone = forms.ModelChoiceField(queryset=Zone.objects.filter(ends_at__isnull=True, enforced=True))
    purpose = forms.ChoiceField(label="What for?", choices=[("", "Choose a purpose"), *OFFERED])
    reason = forms.CharField(
        label="Why?", max_length=300, help_text="It is kept with your name and read by the auditor."
    )

    def clean_plate(self) -> str:
        """Letters and digits."""
        return clean_plate(self.cleaned_data["plate"])


def clean_plate(text: str) -> str:
    """A plate as it is kept. Raises ValidationError when there is none in the text."""
    plate = normalise(text)
    if not 2 <= len(plate) <= 12:
        raise forms.ValidationError("Enter the plate's letters and digits, 2 to 12 of them.")
    return plate
