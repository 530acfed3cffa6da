"""Forms of cases."""

from django import forms
from django.conf import settings
from django.utils import timezone

from cases.models import Case, CustodyEntry, Evidence, IncidentNumber, NibrsOffense, Person
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.web.forms import UswdsFormMixin
from ecpd.web.shown import ShowsMixin
from ecpd.web.words import size

LOCAL_TIME = "%Y-%m-%dT%H:%M"


def moment_field(**kwargs) -> forms.DateTimeField:
    """A date and time, Pacific."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_TIME)
    return forms.DateTimeField(
        widget=widget, input_formats=[LOCAL_TIME, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs
    )


class OriginalFile(forms.FileField):
    """A file with something in it and of bounded size; its name and type are believed by nobody."""

    def __init__(self, **kwargs) -> None:
        words = {"empty": "The file is empty. Check it where it came from and add it again."}
        super().__init__(error_messages=words, **kwargs)

    def clean(self, data, initial=None):
        """Refuse what is too large, in words."""
        file = super().clean(data, initial)
        if file and file.size > settings.EVIDENCE_MAX_BYTES:
            raise forms.ValidationError(
                f"The file has {size(file.size)}; {size(settings.EVIDENCE_MAX_BYTES)} is the most. Cut it into parts, "
                "or keep it on a disk and enter that as a physical object."
            )
        return file


class CaseForm(UswdsFormMixin, forms.ModelForm):
    """Opening a case and changing its facts."""

    offense = forms.ModelChoiceField(
        NibrsOffense.objects.all(), label="Offense (NIBRS)", empty_label="Choose an offense",
    )  # fmt: skip
    captain = forms.ModelChoiceField(
        User.objects.filter(groups__name=Role.CAPTAIN, is_active=True), required=False, empty_label="Nobody yet",
        help_text="Sees the case at once and decides on applications.",
    )  # fmt: skip
    occurred_at = moment_field(label="Happened", required=False, help_text="Pacific time.")
    occurred_until = moment_field(label="Until", required=False, help_text="If it went on for a while.")

    class Meta:
        model = Case
        fields = ["title", "offense", "location", "occurred_at", "occurred_until", "captain", "summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"title": "What happened and where, in a few words.", "summary": "What is known so far."}

    def clean(self):
        """An end needs a beginning before it."""
        cleaned = super().clean()
        begun, ended = cleaned.get("occurred_at"), cleaned.get("occurred_until")
        if ended and not begun and "occurred_at" not in self.errors:
            self.add_error("occurred_at", "Say when it began, or leave the end empty.")
        elif ended and begun and ended < begun:
            self.add_error("occurred_until", "It cannot have ended before it began.")
        return cleaned

    def clean_occurred_at(self):
        """Nothing has happened in the future."""
        moment = self.cleaned_data["occurred_at"]
        if moment and moment > timezone.now():
            raise forms.ValidationError("It cannot have happened in the future.")
        return moment


NUMBER_HELP = "As “26-014233”. Nobody is searched for in a case without one (FR-02)."


class CaseOpenForm(CaseForm):
    """Opening a case, with the number under which it is known outside."""

    incident_system = forms.ChoiceField(label="Number from", choices=IncidentNumber.System.choices, required=False)
    incident_number = forms.CharField(
        label="Dispatch or records number", max_length=40, required=False, help_text=NUMBER_HELP
    )

    def clean_incident_system(self) -> str:
        """From dispatch, unless it says otherwise."""
        return self.cleaned_data["incident_system"] or IncidentNumber.System.DISPATCH


class NumberForm(UswdsFormMixin, forms.Form):
    """Entering the number of the incident."""

    system = forms.ChoiceField(label="From", choices=IncidentNumber.System.choices)
    number = forms.CharField(label="Number", max_length=40, help_text=NUMBER_HELP)


class LinkForm(UswdsFormMixin, forms.Form):
    """Saying that another case is the same event."""

    other = forms.CharField(label="The other case", max_length=12, help_text="Its number here, as “26-000123”.")
    why = forms.CharField(
        label="Why they are one matter", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was found out about a face in one counts in the other.",
    )  # fmt: skip


class CaseChangeForm(ShowsMixin, CaseForm):
    """Changing the facts of a case."""


class EvidenceForm(UswdsFormMixin, forms.ModelForm):
    """Adding an exhibit."""

    upload = OriginalFile(
        label="File", required=False, help_text="Drop a file here or choose one. The original is kept as it is.",
    )  # fmt: skip
    obtained_at = moment_field(label="Obtained", help_text="When it came into the department's hands. Pacific time.")

    class Meta:
        model = Evidence
        fields = ["kind", "title", "origin_kind", "origin", "obtained_at", "description", "location",
                  "clip_time_code"]  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "origin": "Say who gave it to you, how and when. A court reads this.",
            "clip_time_code": "For a still: the time shown in the recording.",
        }

    def clean(self):
        """A picture or recording comes with its file."""
        cleaned = super().clean()
        needs_file = cleaned.get("kind") in {"photo", "still", "clip", "audio"}
        if needs_file and not cleaned.get("upload") and "upload" not in self.errors:
            self.add_error("upload", "Add the file itself; without it there is no hash and no custody.")
        return cleaned


class DerivativeForm(UswdsFormMixin, forms.Form):
    """Adding an edit of an exhibit beside it."""

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(
        label="What it is", choices=[(k.value, k.label) for k in (Evidence.Kind.PHOTO, Evidence.Kind.STILL)]
    )
    derivation = forms.CharField(
        label="What was done to the original", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Crop, rotation, brightness, frame taken from a recording: every step. It is disclosed (FR-04).",
    )  # fmt: skip
    clip_time_code = forms.CharField(label="Time in the recording", max_length=40, required=False)
    clip_frame = forms.IntegerField(label="Frame", min_value=0, required=False)
    upload = OriginalFile(label="File")


class CustodyForm(UswdsFormMixin, forms.ModelForm):
    """Recording a hand-over."""

    at = moment_field(label="When", help_text="Pacific time.")

    class Meta:
        model = CustodyEntry
        fields = ["action", "from_party", "to_party", "at", "reason"]


class PersonForm(UswdsFormMixin, forms.ModelForm):
    """Entering a person."""

    class Meta:
        model = Person
        fields = ["role", "name", "unidentified", "description", "date_of_birth", "contact"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "date_of_birth": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"name": "If nobody knows who it is, a short description: “Unknown, dark cap”."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [c for c in Person.Role.choices if c[0] != Person.Role.LEAD]


class PersonChangeForm(ShowsMixin, PersonForm):
    """Changing what is known of a person."""


class NoteForm(UswdsFormMixin, forms.Form):
    """Writing a note."""

    text = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 4}),
                           help_text="It stays as you write it; a correction is another note.")  # fmt: skip


class ReasonForm(UswdsFormMixin, forms.Form):
    """A reason that stays on the record."""

    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}),
                             help_text="It stays on the record with your name.")  # fmt: skip


class DecideReasonForm(ShowsMixin, ReasonForm):
    """A reason for what is decided about the thing on the page."""


class StatusForm(DecideReasonForm):
    """Suspending, closing or reopening a case."""

    status = forms.ChoiceField(choices=Case.Status.choices)
    field_order = ["status", "reason"]


class AssignForm(UswdsFormMixin, forms.Form):
    """Assigning an investigator."""

    user = forms.ModelChoiceField(
        User.objects.filter(groups__name=Role.INVESTIGATOR, is_active=True), label="Investigator",
        empty_label="Choose somebody",
    )  # fmt: skip


class MergeForm(UswdsFormMixin, forms.Form):
    """Proposing that two entries are one person, or recording that they are not."""

    keep = forms.ModelChoiceField(Person.objects.none(), label="Entry to keep")
    duplicate = forms.ModelChoiceField(Person.objects.none(), label="The other entry")
    same = forms.ChoiceField(
        label="What is so?", widget=forms.RadioSelect,
        choices=[("same", "They are one person (somebody else approves; it can be undone)"),
                 ("different", "They are two people (remembered)")],
    )  # fmt: skip
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keep"].queryset = self.fields["duplicate"].queryset = people
