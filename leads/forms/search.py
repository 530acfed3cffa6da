"""The form of a search request, and the filters of the list."""

from typing import Any, cast

from django import forms

from cases.models import Case, NibrsOffense
from ecpd.web.forms import UswdsFormMixin
from leads.models import SearchRequest

FORBIDDEN_GROUNDS = (
    "Race, ethnicity, religion, national origin, gender, orientation or disability; a lawful association; a protest, "
    "speech or worship; immigration status or enforcement; a prediction of what somebody might do; curiosity."
)


class SearchForm(UswdsFormMixin, forms.Form):
    """Which face, for what purpose, on what facts. The checklist says what is missing, the browser need not."""

    use_required_attribute = False

    face = forms.CharField(required=False)
    purpose = forms.ChoiceField(
        label="Purpose",
        choices=[("", "Choose whom you look for"), *SearchRequest.Purpose.choices],
        help_text="Only “Identify a suspect” can lead to a warrant application (FR-12).",
    )
    offense = forms.ModelChoiceField(
        NibrsOffense.objects.none(),
        label="Offense under investigation",
        help_text="Needed to identify a suspect: the case's own. The policy manual says which classes are allowed.",
    )
    facts = forms.CharField(
        label="Reason, in your own words",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What happened, what this face has to do with it, and what else you tried. The captain, the court "
        "and the auditor read this.",
    )
    justification = forms.CharField(
        label="Why this picture must do",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed only when the face does not pass the quality gate. It stays on the record and in the packet.",
    )
    no_forbidden_ground = forms.BooleanField(
        label="None of these plays a part in this request", help_text=FORBIDDEN_GROUNDS
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offense = cast(forms.ModelChoiceField, self.fields["offense"])
        offense.queryset = NibrsOffense.objects.order_by("name")
        offense.initial = case.offense_id
        offense.empty_label = "Choose an offense"

    def answers(self) -> dict[str, Any]:
        """What is filled in so far, cleaned as far as it can be; unusable answers are left out."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "purpose": cleaned.get("purpose") or "",
            "offense": cleaned.get("offense"),
            "facts": (cleaned.get("facts") or "").strip(),
            "justification": (cleaned.get("justification") or "").strip(),
            "no_forbidden_ground": bool(cleaned.get("no_forbidden_ground")),
        }
