"""Forms of the table of violations."""

from typing import Any

from django import forms

from ecpd.web.forms import UswdsFormMixin
from parking.forms.ledger import DollarsField
from parking.models import Violation


class ViolationForm(UswdsFormMixin, forms.ModelForm):
    """A new violation."""

    class Meta:
        model = Violation
        fields = ["code", "section", "title", "order", "disabled_space", "lifted_by_permit", "needs_zone"]


class AmountForm(UswdsFormMixin, forms.Form):
    """What it costs from a day on."""

    amount_cents = DollarsField(label="Penalty in dollars", max_length=12)
    late_fee_cents = DollarsField(label="Late fee in dollars", required=False, max_length=12)
    effective_on = forms.DateField(label="In force from", widget=forms.DateInput(attrs={"type": "date"}))
    resolution = forms.CharField(label="Council resolution", max_length=120)
    resolved_on = forms.DateField(label="Resolved on", widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Dates in their order."""
        cleaned = super().clean()
        first, then = cleaned.get("resolved_on"), cleaned.get("effective_on")
        if first and then and first > then:
            self.add_error("effective_on", "It is in force after it was resolved.")
        return cleaned
