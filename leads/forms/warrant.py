"""Applying and deciding."""

from django import forms

from ecpd.web.forms import TileRadios, UswdsFormMixin
from ecpd.web.shown import ShowsMixin


class ApplyForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """What the applicant says."""

    statement = forms.CharField(
        label="Why should a warrant be asked for?", widget=forms.Textarea(attrs={"rows": 6}),
        help_text="In your own words, from the evidence. The search result is not a reason.",
    )  # fmt: skip
    does_not_fit = forms.CharField(
        label="What does not fit?", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everything you know that speaks against it. The captain and the court read it (FR-18).",
    )  # fmt: skip


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
