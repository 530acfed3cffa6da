"""Accepting or refusing a case in which its opener searches."""

from django import forms

from ecpd.web.forms import TileRadios, UswdsFormMixin
from ecpd.web.shown import ShowsMixin


class AcceptCaseForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """A captain's answer."""

    outcome = forms.ChoiceField(
        label="Your answer", choices=[("accept", "Accept the case"), ("refuse", "Refuse it")],
        widget=TileRadios(descriptions={
            "accept": "It is a case of this department, opened for a good reason. What was found in time may make a lead.",
            "refuse": "What was found is closed for everybody but the auditor, who is told. Nobody lifts that again.",
        }),
    )  # fmt: skip
    reason = forms.CharField(
        label="Why, or why not?", widget=forms.Textarea(attrs={"rows": 4}), min_length=20,
        help_text="How you know of the event, in your own words. The court and the auditor read this.",
    )  # fmt: skip
