"""Forms of leads: evidence for and against."""

from django import forms
from django.db.models.expressions import RawSQL
from django.utils import timezone

from cases.likeness import make_sure
from cases.models import Evidence
from ecpd.web.forms import TileRadios, UswdsFormMixin
from ecpd.web.shown import ShowsMixin
from leads.corroboration import (
    HOLDS_WORDS,
    IS_A_LINEUP,
    KINDS,
    NO_NUMBER,
    NO_REFERENCE,
    NO_STATEMENT,
    NONE_SHOWN,
    OUTCOME,
    OUTCOMES,
    SAY_WHAT_WAS_SHOWN,
    SAY_WHOM,
    SHOWN_PHOTOS,
    WERE_SHOWN,
    WHY_NOT,
    answers_no,
    asks_of_photos,
    lacks_reference,
    number_of,
    says_no_number,
    wrong_dates,
)
from leads.models import Corroboration, ExculpatoryAnswer, ExculpatoryEntry
from leads.models.corroboration import Answer
from leads.selectors.lead import counts_as, why_another_kind

ASKED = f"d_{SHOWN_PHOTOS.name}"


SHOWN = [(NONE_SHOWN, "None"), (WERE_SHOWN, "One or more: it is a photo line-up")]
HELD = [
    (NO_STATEMENT, "No"),
    (NONE_SHOWN, "Yes: it is a witness’s statement"),
    (WERE_SHOWN, "Yes, after photos were shown: it is a photo line-up"),
]


class KindForm(UswdsFormMixin, forms.Form):
    """Which kind of evidence."""

    kind = forms.ChoiceField(
        label="What kind of evidence is it?", choices=Corroboration.Kind.choices,
        widget=TileRadios(descriptions={
            "phone": "With its legal process: type, court, number, date.",
            "lineup": "Only beside another verified item (FR-11).",
            "witness": "Somebody who knows it without the search.",
        }),
    )  # fmt: skip


def asks_because_of() -> forms.ChoiceField:
    """The first of FR-10's two questions, asked of who links an item and of who verifies it."""
    return forms.ChoiceField(
        label="Was it obtained because of the search’s result?", choices=Answer.choices, widget=forms.RadioSelect,
        help_text="It still counts. The packet prints both dates.",
    )  # fmt: skip


def asks_rests_on_face() -> forms.ChoiceField:
    """The second."""
    return forms.ChoiceField(
        label="Does it rest on the face?", choices=Answer.choices, widget=forms.RadioSelect,
        help_text="Yes, if what it says depends on anyone having seen, been shown or told the probe, the gallery photo or "
        "the name: a recognition, a tip, a statement after a flyer. Then it never counts.",
    )  # fmt: skip


class LinkForm(UswdsFormMixin, forms.Form):
    """An exhibit, how it ties this person, FR-10's two questions, and its kind's own fields."""

    evidence = forms.ModelChoiceField(Evidence.objects.none(), label="Exhibit", empty_label="Choose an exhibit")
    ties_by = forms.CharField(
        label="How does it tie this person to the matter?", widget=forms.Textarea(attrs={"rows": 3})
    )
    because_of = asks_because_of()
    rests_on_face = asks_rests_on_face()
    independence = forms.CharField(
        label="Why is that so?", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="When and how was it found? Who knew of the search? Your answers stay closed to who verifies it.",
    )  # fmt: skip

    def __init__(self, *args, lead, kind: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.lead = kind, lead
        there = lead.case.evidence.filter(withdrawn_at__isnull=True)
        self.fields["evidence"].queryset = there.exclude(
            pk__in=RawSQL("SELECT public.ecpd_of_the_search(%s)", [lead.pk])
        )
        for field in (one for one in KINDS[kind] if one not in (SHOWN_PHOTOS, OUTCOME)):
            widget = forms.DateInput(attrs={"type": "date"}) if field.is_date else forms.TextInput()
            self.fields[f"d_{field.name}"] = forms.CharField(
                label=field.label, help_text=field.hint, required=field.required, widget=widget, max_length=300,
                error_messages={"required": f"Fill in “{field.label}”."},
            )  # fmt: skip
            widget.attrs["class"] = "usa-input"
        if kind == Corroboration.Kind.LINEUP:
            self.fields[f"d_{OUTCOME.name}"] = forms.ChoiceField(
                label=OUTCOME.label, choices=[(one, one) for one in OUTCOMES], widget=forms.RadioSelect,
                help_text="It counts only where the witness picked this person.", error_messages={"required": SAY_WHOM},
            )  # fmt: skip
        elif asks_of_photos(kind):
            of_a_witness = kind == Corroboration.Kind.WITNESS
            self.fields[ASKED] = forms.ChoiceField(
                label=SHOWN_PHOTOS.label if of_a_witness else "Does it hold anybody’s words, written or spoken?",
                choices=SHOWN if of_a_witness else HELD, widget=forms.RadioSelect, required=True,
                help_text="If photos were shown, it is a line-up (FR-11)." if of_a_witness else
                "A person’s words are linked as that witness’s statement (FR-10).",
                error_messages={"required": SAY_WHAT_WAS_SHOWN},
            )  # fmt: skip

    def clean(self):
        """No report, statement or process is of a day to come, and an exhibit is linked as what it is (FR-11)."""
        given = {field.name: self.cleaned_data.get(f"d_{field.name}", "") for field in KINDS[self.kind]}
        for name, sentence in wrong_dates(self.kind, given, today=timezone.localdate()).items():
            self.add_error(f"d_{name}", sentence)
        self._as_its_exhibit()
        exhibit = self.cleaned_data.get("evidence")
        number = f"d_{number_of(self.kind)}"
        if exhibit is not None and number not in self.errors:
            if lacks_reference(given, has_file=exhibit.file_id is not None):
                self.add_error(number, NO_REFERENCE)
            elif says_no_number(self.kind, given):
                self.add_error(number, NO_NUMBER)
        return self.cleaned_data

    def _as_its_exhibit(self) -> None:
        if (exhibit := self.cleaned_data.get("evidence")) is None:
            return
        make_sure(exhibit)
        make_sure(self.lead.candidate.search.probe)
        none = {SHOWN_PHOTOS.name: answers_no(self.kind)}
        by_exhibit = counts_as(Corroboration(kind=self.kind, evidence=exhibit, lead=self.lead, details=none))
        if by_exhibit != self.kind:
            self.add_error("evidence", WHY_NOT.get(by_exhibit) or why_another_kind(exhibit))
        elif asks_of_photos(self.kind) and ASKED not in self.errors:
            said = self.cleaned_data[ASKED]
            if said != answers_no(self.kind):
                self.add_error(ASKED, {WERE_SHOWN: IS_A_LINEUP, NONE_SHOWN: HOLDS_WORDS}.get(said, SAY_WHAT_WAS_SHOWN))

    def details(self) -> dict[str, str]:
        """The fields that this kind and its exhibit have."""
        return {field.name: self.cleaned_data[f"d_{field.name}"] for field in KINDS[self.kind]}


class VerifyForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """Verifying or rejecting an item, and FR-10's two questions, answered without the linker's answers."""

    verified = forms.ChoiceField(
        label="Does it hold?",
        choices=[("yes", "Verified: it is what it is said to be, and ties this person"), ("no", "Rejected")],
        widget=TileRadios(descriptions={
            "yes": "It counts toward a warrant, if it doesn't rest on the face (FR-10).",
            "no": "It stays on the record with your reason and never counts.",
        }),
    )  # fmt: skip
    because_of = asks_because_of()
    rests_on_face = asks_rests_on_face()
    reason = forms.CharField(label="What you checked, and why you answer so", widget=forms.Textarea(attrs={"rows": 3}))


class AgainstForm(UswdsFormMixin, forms.ModelForm):
    """Entering something that points away."""

    class Meta:
        model = ExculpatoryEntry
        fields = ["kind", "what", "evidence"]
        widgets = {"what": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, lead, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = lead.case.evidence.filter(withdrawn_at__isnull=True)
        self.fields["evidence"].required = False
        self.fields["evidence"].empty_label = "No exhibit"


class AnswerForm(ShowsMixin, UswdsFormMixin, forms.ModelForm):
    """Answering an entry of the register."""

    class Meta:
        model = ExculpatoryAnswer
        fields = ["outcome", "text"]
        widgets = {
            "outcome": TileRadios(descriptions={
                "explained": "There is a reason why it doesn't speak against this person. Say it below.",
                "open": "It can't be explained now. The captain weighs it. Say below what was tried.",
            }),
            "text": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = ExculpatoryAnswer.Outcome.choices
