"""The form of the plate usage policy."""

from django import forms
from django.utils import timezone

from ecpd.web.forms import UswdsFormMixin
from parking.models import PlatePolicy
from parking.services.plate_policy import EDITABLE

HINTS = {
    "purposes": "What reads may be used for, and what never: no immigration enforcement, no face search.",
    "people": "By title, not by name, with the training each needs before access.",
    "monitoring": "Who looks at the access log, how often, and what happens then.",
    "sharing": "California public agencies only, on a recorded request. Never pooled, sold or sent out of state.",
    "custodian": "The title of the person responsible.",
    "accuracy": "A person confirms plate, state and vehicle; how a wrong read is corrected.",
    "retention": "Days, the council's resolution, and what is exempt.",
}


class PlatePolicyForm(UswdsFormMixin, forms.ModelForm):
    """The seven parts of Civ. Code 1798.90.51(b) and the public comment of 1798.90.55(a)."""

    class Meta:
        model = PlatePolicy
        fields = EDITABLE
        widgets = {"public_comment_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in HINTS.items():
            self.fields[name].help_text = hint
            self.fields[name].widget.attrs["rows"] = 4

    def clean_public_comment_on(self):
        """The public was heard already."""
        day = self.cleaned_data["public_comment_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Enter the meeting once it has taken place.")
        return day
