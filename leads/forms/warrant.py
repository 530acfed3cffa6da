"""Applying and deciding."""

from django import forms
from django.utils import timezone

from ecpd.web.forms import TileRadios, UswdsFormMixin
from ecpd.web.shown import ShowsMixin
from leads.models import Identity, WarrantApplication, WarrantStep
from leads.selectors.identity import checked_identities


class ApplyForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """What the applicant says."""

    asks_for = forms.ChoiceField(
        label="What do you ask for?", choices=WarrantApplication.AsksFor.choices, widget=TileRadios()
    )
    identity = forms.ModelChoiceField(
        Identity.objects.none(), label="Who is the person?", required=False, empty_label="Nobody is named",
        help_text="An arrest warrant needs a name with its source that a second person checked (FR-26).",
    )  # fmt: skip
    court = forms.CharField(
        label="Court", required=False, max_length=160, help_text="Where it goes. An arrest warrant needs it."
    )
    statement = forms.CharField(
        label="Why should a warrant be asked for?", widget=forms.Textarea(attrs={"rows": 6}),
        help_text="In your own words, from the evidence. The search result is not a reason.",
    )  # fmt: skip
    does_not_fit = forms.CharField(
        label="What does not fit?", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everything you know that speaks against it. The captain and the court read it (FR-18).",
    )  # fmt: skip

    def __init__(self, *args, lead, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        checked = [one.pk for one in checked_identities(lead)]
        self.fields["identity"].queryset = lead.identities.filter(pk__in=checked)

    def clean(self) -> dict:
        """An arrest names a person and a court."""
        cleaned = super().clean()
        if cleaned.get("asks_for") == WarrantApplication.AsksFor.ARREST:
            if not cleaned.get("identity"):
                self.add_error(
                    "identity", "Choose who it is. If nobody is offered, say who it is on the lead's page first."
                )
            if not cleaned.get("court", "").strip():
                self.add_error("court", "Name the court.")
        return cleaned


class DecideForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """A captain's decision."""

    outcome = forms.ChoiceField(
        label="Your decision", choices=[("approve", "Approve"), ("deny", "Deny")],
        widget=TileRadios(descriptions={
            "approve": "The packet is sealed and goes to the prosecutor. A judge still decides.",
            "deny": "The applicant gets your reasons and may apply again with something new.",
        }),
    )  # fmt: skip
    reasons = forms.CharField(
        label="Reasons", widget=forms.Textarea(attrs={"rows": 4}), min_length=20,
        help_text="What convinced you or didn't, in your own words. The prosecutor, the defense and the auditor read this.",
    )  # fmt: skip
    read_packet = forms.BooleanField(label="I read the packet, including what points away from this person")


class StepForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """What happened to an approved application; `open_steps` are those that may follow now."""

    kind = forms.ChoiceField(label="What happened?", widget=TileRadios())
    happened_on = forms.DateField(
        label="On", initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"})
    )
    whom = forms.CharField(
        label="To or by whom",
        required=False,
        max_length=160,
        help_text="The office, the court and the magistrate, or who was served.",
    )
    warrant_number = forms.CharField(
        label="Number of the warrant", required=False, max_length=40, help_text="Only where a warrant was issued."
    )
    words = forms.CharField(
        label="In words", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What happened, in a sentence or two. The court and the defense read this.",
    )  # fmt: skip

    def __init__(self, *args, open_steps: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(WarrantStep.Kind.choices)
        self.fields["kind"].choices = [(kind, labels[kind]) for kind in open_steps if kind != "supplement"]

    def clean_happened_on(self):
        """Today or earlier."""
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day has not come yet. Choose today or an earlier day.")
        return day

    def clean(self) -> dict:
        """A warrant that was issued has its number; where it went says to whom."""
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == WarrantStep.Kind.ISSUED and not cleaned.get("warrant_number", "").strip():
            self.add_error("warrant_number", "Enter the number of the warrant.")
        if kind in (WarrantStep.Kind.SENT, WarrantStep.Kind.SHOWN) and not cleaned.get("whom", "").strip():
            self.add_error("whom", "Say to whom it went.")
        return cleaned


class SupplementForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """To whom what came in later is disclosed; sending it seals a new version of the packet."""

    whom = forms.CharField(
        label="Disclosed to",
        max_length=160,
        help_text="The prosecutor's office, and the court if a magistrate has seen it.",
    )
    words = forms.CharField(
        label="In words", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What came in, and what it means for the application. The new version of the packet prints this and all of it.",
    )  # fmt: skip


class RecallForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """Why an approval is taken back."""

    reason = forms.CharField(
        label="Reasons", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why the approval no longer stands. The lead is open again; the packet prints this.",
    )  # fmt: skip
