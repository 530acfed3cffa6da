"""Forms of contests, for staff and for owners."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from ecpd.web.forms import TileRadios, UswdsFormMixin
from parking.citations.number import read_number
from parking.citations.upload import MOST_FILES, Upload, UploadRefused, media_type_of
from parking.forms.ledger import DollarsField
from parking.models import Contest, ContestResult, PlanRequest


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class DocumentsField(forms.FileField):
    """Up to five documents, each a PDF or picture by its bytes; cleaned to a list of Upload."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Files(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.heic"}), required=False, **kwargs)

    def clean(self, data, initial=None) -> list[Upload]:
        """Raises ValidationError for too many, too large or other files."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Send {MOST_FILES} files at most.")
        uploads = []
        for one in files:
            upload = Upload(super().clean(one, initial).name, one.read())
            try:
                media_type_of(upload)
            except UploadRefused as error:
                raise forms.ValidationError(str(error)) from error
            uploads.append(upload)
        return uploads


class WhoForm(UswdsFormMixin, forms.Form):
    """Who writes, and where an answer goes."""

    name = forms.CharField(label="Your name", max_length=120)
    address = forms.CharField(label="Mailing address", widget=forms.Textarea(attrs={"rows": 3}), max_length=400,
                              help_text="The answer is mailed to you.")  # fmt: skip
    email = forms.EmailField(label="E-mail", required=False)


class ReviewForm(WhoForm):
    """The free initial review."""

    grounds = forms.ChoiceField(label="What do you contest?", choices=Contest.Grounds.choices, widget=forms.RadioSelect)
    words = forms.CharField(label="What happened?", widget=forms.Textarea(attrs={"rows": 6}), max_length=5000)
    documents = DocumentsField(
        label="Documents and pictures", help_text="PDF, JPEG, PNG or HEIC, five at most, 10 MB each."
    )
    field_order = ("grounds", "words", "documents", "name", "address", "email")


class HearingForm(WhoForm):
    """A hearing before an independent examiner."""

    manner = forms.ChoiceField(label="How should it be held?", choices=Contest.Manner.choices, widget=forms.RadioSelect)
    words = forms.CharField(label="Why do you not agree with the result?", widget=forms.Textarea(attrs={"rows": 5}),
                            max_length=5000)  # fmt: skip
    phone = forms.CharField(required=False, max_length=30, help_text="For a hearing by phone or video.")
    deposit_waived = forms.BooleanField(label="I am unable to pay the penalty before the hearing", required=False)
    waiver_reason = forms.CharField(label="Why you are unable to pay", required=False, max_length=1000,
                                    widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    documents = DocumentsField(
        label="Documents and pictures", help_text="PDF, JPEG, PNG or HEIC, five at most, 10 MB each."
    )
    field_order = (
        "manner",
        "words",
        "documents",
        "deposit_waived",
        "waiver_reason",
        "name",
        "address",
        "email",
        "phone",
    )

    def clean(self) -> dict[str, Any]:
        """A waiver says why."""
        cleaned = super().clean()
        if cleaned.get("deposit_waived") and not cleaned.get("waiver_reason", "").strip():
            self.add_error("waiver_reason", "Say in a few words why you are unable to pay.")
        return cleaned


class EnterForm(HearingForm):
    """A contest that came by mail, phone or at the counter, of any stage."""

    stage = forms.ChoiceField(choices=Contest.Stage.choices)
    channel = forms.ChoiceField(label="How it came", choices=[c for c in Contest.Channel.choices if c[0] != "online"])
    grounds = forms.ChoiceField(label="What the owner contests", choices=[("", "Not said"), *Contest.Grounds.choices],
                                required=False)  # fmt: skip
    late_reason = forms.CharField(label="Why it is taken though late", required=False, max_length=1000,
                                  widget=forms.Textarea(attrs={"rows": 2}),
                                  help_text="Only after the last day.")  # fmt: skip
    field_order = ("stage", "channel", "grounds", "words", "documents", "name", "address", "email", "phone", "manner",
                   "deposit_waived", "waiver_reason", "late_reason")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"name": "Owner's name", "words": "What the owner says", "deposit_waived":
                  "The deposit is waived: the owner is unable to pay", "waiver_reason": "Why the owner is unable to pay",
                  "manner": "How a hearing is held"}  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["manner"].required = False


class DecideForm(UswdsFormMixin, forms.Form):
    """The result of a stage."""

    outcome = forms.ChoiceField(
        label="Result", choices=ContestResult.Outcome.choices,
        widget=TileRadios(descriptions={
            "upheld": "Nothing changes. The owner may take the next step at once; its last day counts from the mailing.",
            "reduced": "The ledger gets a reduction of the amount below.",
            "dismissed": "Everything charged is taken off; what was paid is refunded.",
        }),
    )  # fmt: skip
    reduced_by_cents = DollarsField(label="Reduced by, in dollars", required=False, max_length=12)
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 5}), min_length=20,
                             help_text="The owner reads it: what you looked at and what decided it.")  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """An amount with a reduction, and only then."""
        cleaned = super().clean()
        cleaned["reduced_by_cents"] = cleaned.get("reduced_by_cents") or 0
        is_reduced = cleaned.get("outcome") == "reduced"
        if "reduced_by_cents" not in self.errors and is_reduced != (cleaned["reduced_by_cents"] > 0):
            words = (
                "Enter by how much it is reduced."
                if is_reduced
                else "Only a reduction has an amount: leave this empty."
            )
            self.add_error("reduced_by_cents", words)
        return cleaned


class MismatchForm(DecideForm):
    """The result where the owner says that the vehicle is another one (PK-13)."""

    registration_matches = forms.TypedChoiceField(
        label="Does the vehicle described match its registration?", widget=forms.RadioSelect,
        choices=[("yes", "Yes, substantially"), ("no", "No; the citation is canceled")],
        coerce=lambda value: value == "yes", empty_value=None,
    )  # fmt: skip
    registration_words = forms.CharField(label="The vehicle as registered", max_length=200)
    field_order = ("registration_matches", "registration_words", "outcome", "reduced_by_cents", "reason")


class CourtForm(DecideForm):
    """What the court decided."""

    court_number = forms.CharField(label="The court's case number", max_length=40)
    field_order = ("court_number", "outcome", "reduced_by_cents", "reason")


class ScheduleForm(UswdsFormMixin, forms.Form):
    """When and where a hearing is held."""

    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    at_time = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}))
    held_at = forms.CharField(label="Where, or the number to call", max_length=200)

    def clean(self) -> dict[str, Any]:
        """Day and time become one moment, Pacific."""
        cleaned = super().clean()
        if cleaned.get("on") and cleaned.get("at_time"):
            cleaned["at"] = timezone.make_aware(datetime.combine(cleaned["on"], cleaned["at_time"]))
        return cleaned


class OpenForm(UswdsFormMixin, forms.Form):
    """What opens a citation on the public page."""

    number = forms.CharField(label="Citation number", max_length=20, help_text="As printed, for instance 26-000123-3.",
                             widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip
    plate = forms.CharField(label="License plate", max_length=12, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_number(self) -> str:
        """The printed form. Raises ValidationError when the check digit does not fit."""
        if (number := read_number(self.cleaned_data["number"])) is None:
            raise forms.ValidationError("This is no citation number. Compare it digit by digit with the citation.")
        return number

    def clean_plate(self) -> str:
        """Letters and digits, in capitals."""
        return "".join(c for c in self.cleaned_data["plate"].upper() if c.isalnum())


class AskPlanForm(WhoForm):
    """An owner asks for help with paying."""

    asked = forms.ChoiceField(label="What would help?", choices=PlanRequest.Asked.choices, widget=forms.RadioSelect)
    unable_to_pay = forms.BooleanField(label="I am unable to pay the whole amount now", required=False)
    words = forms.CharField(label="Anything we should know", required=False, max_length=2000,
                            widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    field_order = ("asked", "unable_to_pay", "words", "name", "address", "email")
