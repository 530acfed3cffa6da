"""Forms of amendments."""

from typing import Any

from django import forms
from django.utils import timezone

from ecpd.policy.manual import PARAMETERS, Parameter
from ecpd.web.forms import TileRadios, UswdsFormMixin
from ecpd.web.shown import ShowsMixin
from ecpd.web.words import plain_number


class ChooseForm(UswdsFormMixin, forms.Form):
    """Which setting to change."""

    name = forms.ChoiceField(
        label="Setting", choices=[(p.name, f"{p.rule_id}: {p.words}") for p in PARAMETERS.values()]
    )


class ProposeForm(UswdsFormMixin, forms.Form):
    """A new value of one setting, the reason, and from when."""

    answers_for = {"changes": "value"}

    value = forms.CharField(label="New value")
    reason = forms.CharField(
        label="Reason", min_length=20, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was seen that speaks for the change. The chief, the council and the public read it.",
    )  # fmt: skip
    effective_on = forms.DateField(
        label="In force from", widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate
    )

    council_item = forms.CharField(
        label="Council item", required=False, max_length=60,
        help_text="Its number on the council's agenda. Needed where the change loosens what was announced.",
    )  # fmt: skip

    def __init__(self, *args, parameter: Parameter, **kwargs) -> None:
        self.base_fields = self.base_fields | {"value": _field(parameter)}  # type: ignore[misc]  # this form's own
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        self.initial["value"] = plain_number(self.initial.get("value"))
        self.order_fields(["value", "reason", "effective_on", "council_item"])

    def clean_value(self) -> Any:
        """The value as it stands in the manual; the setting's own check."""
        value = self.cleaned_data["value"]
        if isinstance(self.parameter.default, bool):
            value = value == "True"
        value = plain_number(value)
        if problem := self.parameter.problem(value):
            raise forms.ValidationError(problem)
        return value


def _field(parameter: Parameter) -> forms.Field:
    label = f"{parameter.words} ({parameter.unit})"
    if isinstance(parameter.default, bool):
        return forms.ChoiceField(label=label, choices=[("True", "Yes"), ("False", "No")], widget=forms.RadioSelect)
    if isinstance(parameter.default, list):
        choices = [(name, f"Crimes against {name}") for name in ("person", "property", "society")]
        return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple)
    if isinstance(parameter.default, str):
        return forms.CharField(label=label, required=False)
    if isinstance(parameter.default, int):
        widget = forms.NumberInput(attrs={"class": "usa-input", "step": "any"})
        return (
            forms.FloatField(label=label, widget=widget)
            if parameter.check(parameter.default + 0.5) == ""
            else (forms.IntegerField(label=label, widget=forms.NumberInput(attrs={"class": "usa-input"})))
        )
    return forms.FloatField(label=label, widget=forms.NumberInput(attrs={"class": "usa-input", "step": "any"}))


class DecideForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """The chief's decision on an amendment."""

    answer = forms.ChoiceField(
        label="Your decision", choices=[("approve", "Approve"), ("reject", "Reject")],
        widget=TileRadios(descriptions={"approve": "It takes effect on its date, in the database as well.",
                                        "reject": "Nothing changes. The reasons are kept."}),
    )  # fmt: skip
    reason = forms.CharField(label="Reasons", widget=forms.Textarea(attrs={"rows": 4}), min_length=10)
