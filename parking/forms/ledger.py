"""Forms of the ledger: a payment, moving one, a processor's file, a day of mailing."""

from django import forms
from django.utils import timezone

from ecpd.web.forms import UswdsFormMixin
from parking.citations.money import cents_of
from parking.citations.number import read_number
from parking.models import Citation


class DollarsField(forms.CharField):
    """Dollars as typed, cents as cleaned."""

    def clean(self, value) -> int:
        """Cents. Raises ValidationError."""
        text = super().clean(value)
        try:
            return cents_of(text) if text else 0
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def past_day(label: str) -> forms.DateField:
    """A day up to today."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate)


class PaymentForm(UswdsFormMixin, forms.Form):
    """A payment at the counter or by mail."""

    cents = DollarsField(label="Amount in dollars", max_length=12)
    on = past_day("Date")
    reference = forms.CharField(label="Receipt or check number", required=False, max_length=80)
    words = forms.CharField(label="Note", required=False, max_length=200)

    def clean_cents(self) -> int:
        """More than nothing."""
        if self.cleaned_data["cents"] <= 0:
            raise forms.ValidationError("Enter more than $0.00.")
        return self.cleaned_data["cents"]

    def clean_on(self):
        """No day to come."""
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return self.cleaned_data["on"]


class MoveForm(UswdsFormMixin, forms.Form):
    """A payment goes to the right citation, or is taken back."""

    to = forms.CharField(label="Move it to citation", required=False, max_length=20,
                         help_text="Empty: the payment is taken back, for instance a returned check.")  # fmt: skip
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}), min_length=10)

    def clean_to(self) -> Citation | None:
        """The citation of this number."""
        if not self.cleaned_data["to"].strip():
            return None
        number = read_number(self.cleaned_data["to"])
        found = Citation.objects.filter(number=number).first() if number else None
        if found is None:
            raise forms.ValidationError("There is no citation of this number; check its digits.")
        return found


class FileForm(UswdsFormMixin, forms.Form):
    """A processor's file."""

    upload = forms.FileField(label="CSV file from the processor")

    def clean_upload(self):
        """Not too large."""
        if self.cleaned_data["upload"].size > 10 * 2**20:
            raise forms.ValidationError("The file is larger than 10 MB; split it.")
        return self.cleaned_data["upload"]


class MailingForm(UswdsFormMixin, forms.Form):
    """When a notice was mailed."""

    on = past_day("Mailed or handed over on")
    by_hand = forms.BooleanField(label="Handed over in person", required=False)
