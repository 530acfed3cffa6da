"""The examination form of 19 components."""

from django import forms

from ecpd.web.forms import TileRadios, UswdsFormMixin
from leads.models import Examination
from leads.models.examination import ANSWERS, COMPONENTS, LEFT_OPEN

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Outline and proportions", ("outline", "composition")),
    ("Upper face", ("hair", "forehead", "eyebrows", "eyes")),
    ("Middle face", ("nose", "cheeks", "ears")),
    ("Lower face", ("mouth", "chin", "neck", "facial_hair")),
    ("Skin and marks", ("skin", "lines", "scars", "marks", "alterations", "other")),
)


class ExaminationForm(UswdsFormMixin, forms.Form):
    """FR-22's form; the rules themselves are asked at the door, so that a refusal is on the record."""

    conclusion = forms.ChoiceField(
        label="Your conclusion",
        choices=[(c.value, c.label) for c in Examination.Conclusion],
        widget=TileRadios(
            descriptions={
                "possible_match": "Similar throughout, no difference left unexplained.",
                "inconclusive": "The pictures don't show enough.",
                "exclude": "At least one difference that age, light or pose can't explain; the rest may stay open.",
            }
        ),
    )
    basis = forms.CharField(
        label="What you base it on",
        help_text="Name the features that decided it, and what the pictures can't show. Of an exclusion left empty, it is the "
        "differences as you explained them.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    does_not_fit = forms.CharField(
        label="What does not fit?",
        help_text="Everything that speaks against it, if only “nothing”. It is disclosed (FR-18).",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for key, words in COMPONENTS.items():
            self.fields[f"c_{key}"] = forms.ChoiceField(
                label=words, choices=list(ANSWERS.items()), widget=forms.RadioSelect, required=False,
            )  # fmt: skip
            self.fields[f"n_{key}"] = forms.CharField(label=f"{words}: explain the difference", required=False)
        # In the order of the page, so that what is missing is listed from top to bottom.
        self.order_fields([f"{part}_{key}" for _, keys in GROUPS for key in keys for part in "cn"])

    def clean(self) -> dict:
        """Everything is answered and every difference explained; beside a difference an exclusion may leave the rest open."""
        cleaned = super().clean()
        different = [key for key in COMPONENTS if cleaned.get(f"c_{key}") == "different"]
        excludes = bool(different) and cleaned.get("conclusion") == "exclude"
        for key in COMPONENTS:
            if not cleaned.get(f"c_{key}") and f"c_{key}" not in self.errors and not excludes:
                self.add_error(f"c_{key}", f"Answer: {COMPONENTS[key].lower()}.")
        for key in different:
            if not cleaned.get(f"n_{key}", "").strip():
                self.add_error(f"n_{key}", f"Explain the difference: {COMPONENTS[key].lower()}.")
        if not cleaned.get("basis") and excludes:
            cleaned["basis"] = " ".join(
                f"{COMPONENTS[key]}: {cleaned.get(f'n_{key}', '').strip()}" for key in different
            )
        elif not cleaned.get("basis") and "basis" not in self.errors:
            self.add_error("basis", self.fields["basis"].error_messages["required"])
        return cleaned

    def components(self) -> dict[str, dict[str, str]]:
        """The answers as they are recorded."""
        return {
            key: {"value": self.cleaned_data[f"c_{key}"] or LEFT_OPEN, "note": self.cleaned_data[f"n_{key}"]}
            for key in COMPONENTS
        }

    @property
    def answered(self) -> int:
        """How many of the components are answered so far."""
        return sum((self[f"c_{key}"].value() or "") in ANSWERS for key in COMPONENTS)

    def groups(self) -> list[tuple[str, list[dict]]]:
        """The components by part of the face, with what is answered so far."""
        return [(title, [self._feature(key) for key in keys]) for title, keys in GROUPS]

    def _feature(self, key: str) -> dict:
        answer, note = self[f"c_{key}"], self[f"n_{key}"]
        return {
            "name": answer.html_name, "label": COMPONENTS[key], "value": answer.value() or "", "note": note,
            "errors": [*answer.errors, *note.errors],
        }  # fmt: skip
