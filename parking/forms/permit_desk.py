"""Forms of permits for staff: deciding, ending, setting up classes; exempt lists."""

from typing import Any

from django import forms
from django.utils import timezone

from ecpd.web.forms import TileRadios, UswdsFormMixin
from parking.citations.money import cents_of
from parking.forms.alert import STATE_CHOICES
from parking.forms.allowed import clean_plate
from parking.models import CurbArea, Exemption, PermitClass, PermitTerms

DAY = {"type": "date"}
DENIALS = (
    "The documents do not show the address.",
    "The documents do not show the vehicle's registration.",
    "The address is not in the area of this permit.",
    "Somebody else has the permits of this address; please call us.",
)


class DecideForm(UswdsFormMixin, forms.Form):
    """A manager's answer to an application."""

    outcome = forms.ChoiceField(
        label="Your answer", choices=[("approve", "Approve"), ("deny", "Deny")],
        widget=TileRadios(descriptions={
            "approve": "The permit counts from now on, or from the end of the one it renews.",
            "deny": "The applicant reads your reasons and may apply again.",
        }),
    )  # fmt: skip
    reasons = forms.CharField(label="Reasons", min_length=10, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
                              help_text="The applicant reads them.")  # fmt: skip


class ReasonForm(UswdsFormMixin, forms.Form):
    """Why."""

    reason = forms.CharField(label="Why?", min_length=10, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class EndForm(ReasonForm):
    """Ending a permit."""

    ground = forms.ChoiceField(
        label="Ground", choices=[("", "Choose"), ("moved", "Moved away"), ("entitled", "Not entitled"),
                                 ("misuse", "Misuse, after a warning"), ("other", "Another reason")],
    )  # fmt: skip
    field_order = ["ground", "reason"]


class ClassForm(UswdsFormMixin, forms.ModelForm):
    """A new class."""

    class Meta:
        model = PermitClass
        fields = ["name", "code", "kind", "words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 2})}


class TermsForm(UswdsFormMixin, forms.ModelForm):
    """Rules of a class under a resolution."""

    prices = forms.CharField(
        label="Prices in dollars, for a household's first, second, … permit", help_text="For instance 40, 60, 90."
    )
    areas = forms.ModelMultipleChoiceField(
        queryset=CurbArea.objects.filter(ends_at__isnull=True), required=False, widget=forms.CheckboxSelectMultiple,
        label="Areas in which it is valid",
    )  # fmt: skip

    class Meta:
        model = PermitTerms
        fields = ["areas", "everywhere", "user_class", "limit_minutes", "duration_days", "prices", "most_per_household",
                  "plates_max", "one_at_a_time", "guest_hours", "guest_visits_max", "eligibility", "documents",
                  "resolution", "resolved_on", "effective_on"]  # fmt: skip
        widgets = {
            "eligibility": forms.Textarea(attrs={"rows": 2}), "documents": forms.Textarea(attrs={"rows": 3}),
            "resolved_on": forms.DateInput(attrs=DAY), "effective_on": forms.DateInput(attrs=DAY),
        }  # fmt: skip

    def clean_prices(self) -> list[int]:
        """Cents."""
        try:
            return [cents_of(each) for each in self.cleaned_data["prices"].split(",")]
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def told(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)

    def _post_clean(self) -> None:
        """The policy door and the service check the whole; a model's own errors come from there, once."""


class ExemptionForm(UswdsFormMixin, forms.Form):
    """One exempt plate."""

    kind = forms.ChoiceField(choices=[("", "Choose"), *Exemption.Kind.choices])
    plate = forms.CharField(max_length=16)
    state = forms.ChoiceField(choices=[("", "Choose a state"), *STATE_CHOICES])
    source = forms.CharField(
        label="Who says so", max_length=120, help_text="An office, an agreement, a list with its date."
    )
    words = forms.CharField(label="Vehicle or reason", max_length=200, required=False)
    last_day = forms.DateField(label="Last day", widget=forms.DateInput(attrs=DAY))

    def clean_plate(self) -> str:
        """Letters and digits."""
        return clean_plate(self.cleaned_data["plate"])

    def clean_last_day(self):
        """A day to come."""
        day = self.cleaned_data["last_day"]
        if day < timezone.localdate():
            raise forms.ValidationError("This day is over.")
        return day

    def clean(self) -> dict[str, Any]:
        """Another reason is said in words."""
        cleaned = super().clean()
        if cleaned.get("kind") == Exemption.Kind.OTHER and not cleaned.get("words"):
            self.add_error("words", "Say the reason in words.")
        return cleaned


class ExemptListForm(UswdsFormMixin, forms.Form):
    """A list of exempt plates."""

    source = forms.CharField(label="Who says so", max_length=120)
    file = forms.FileField(label="List (CSV)", help_text="Columns: plate, state, kind, expires, words. 2 MB at most.",
                           widget=forms.FileInput(attrs={"accept": ".csv"}))  # fmt: skip

    def clean_file(self):
        """Not too large."""
        file = self.cleaned_data["file"]
        if file.size > 2 * 2**20:
            raise forms.ValidationError("The list is larger than 2 MB; split it.")
        return file
