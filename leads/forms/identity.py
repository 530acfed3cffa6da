"""Who the person of a lead is: entering it, and answering it."""

from django import forms
from django.utils import timezone

from cases.models import Evidence
from ecpd.web.forms import TileRadios, UswdsFormMixin
from ecpd.web.shown import ShowsMixin
from leads.models import IdentityAnswer


class IdentityForm(UswdsFormMixin, forms.Form):
    """The name, the birth date, and the exhibit that says so."""

    name = forms.CharField(label="Name", max_length=160, help_text="As the exhibit has it.")
    date_of_birth = forms.DateField(
        label="Date of birth", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    evidence = forms.ModelChoiceField(
        Evidence.objects.none(), label="From which exhibit", empty_label="Choose an exhibit",
        help_text="A record, a document or an interview. Never the picture that was searched with.",
    )  # fmt: skip
    how = forms.CharField(
        label="How does it show who this is?", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In a sentence or two. Somebody else checks it.",
    )  # fmt: skip

    def __init__(self, *args, lead, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        probe = lead.candidate.search.probe_id
        self.fields["evidence"].queryset = lead.case.evidence.filter(withdrawn_at__isnull=True).exclude(pk=probe)

    def clean_date_of_birth(self):
        """A day that has been."""
        day = self.cleaned_data["date_of_birth"]
        if day and day >= timezone.localdate():
            raise forms.ValidationError("That day has not been yet. Enter the date of birth.")
        return day


class IdentityAnswerForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """What a second person says of it."""

    outcome = forms.ChoiceField(
        label="What do you say?", choices=IdentityAnswer.Outcome.choices,
        widget=TileRadios(descriptions={
            "agrees": "You read the exhibit yourself, and it is this person. Not for who entered it.",
            "disputed": "Something speaks against it. An application to arrest that waits goes back.",
            "withdrawn": "For who entered it: it was a mistake.",
        }),
    )  # fmt: skip
    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you read and compared. The packet prints it.",
    )
