"""Forms of plans and reductions."""

from typing import Any

from django import forms

from ecpd.web.forms import UswdsFormMixin
from parking.citations.money import dollars
from parking.forms.ledger import DollarsField


class _Others(forms.ModelMultipleChoiceField):
    def label_from_instance(self, citation) -> str:
        return f"{citation.number}, {dollars(citation.owed)} owed"


class PlanForm(UswdsFormMixin, forms.Form):
    """The terms of a plan."""

    unable_to_pay = forms.BooleanField(
        label="Unable to pay at once", required=False,
        help_text="Late fees are waived, and the manual's limits hold.",
    )  # fmt: skip
    monthly_cents = DollarsField(label="A month, in dollars", max_length=12)
    months = forms.IntegerField(label="Months", min_value=1, max_value=60)
    fee_cents = DollarsField(label="Fee of the plan, in dollars", required=False, max_length=12)
    first_due_on = forms.DateField(label="First part due on", widget=forms.DateInput(attrs={"type": "date"}))
    others = _Others(label="It also covers", queryset=None, required=False, widget=forms.CheckboxSelectMultiple)
    name = forms.CharField(label="Who agreed", max_length=120)
    address = forms.CharField(label="Mailing address", widget=forms.Textarea(attrs={"rows": 3}), max_length=400)
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}), min_length=10)

    def __init__(self, *args: Any, others, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = others
        if not others:
            del self.fields["others"]


class ReductionForm(UswdsFormMixin, forms.Form):
    """A reduction for hardship."""

    cents = DollarsField(label="Reduce by, in dollars", max_length=12)
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 3}), min_length=10)
