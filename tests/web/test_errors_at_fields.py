"""What a service refuses stands beside the answer it speaks of, on every page."""

import re
from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError

from ecpd.web.asking import add_errors

ROOT = Path(__file__).resolve().parents[2]
ABOVE = re.compile(r"add_error\(\s*None,\s*error(\.messages)?\s*\)")


class AskForm(forms.Form):
    """A form that calls one of a service's arguments otherwise."""

    answers_for = {"changes": "value"}
    value = forms.CharField()
    day = forms.CharField()


def errors_after(error: ValidationError) -> dict[str, list[str]]:
    form = AskForm({"value": "1", "day": "2"})
    add_errors(form, error)
    return {name: list(messages) for name, messages in form.errors.items()}


def test_an_error_stands_beside_the_answer_it_names_and_above_the_form_otherwise():
    assert errors_after(ValidationError({"day": ["Too late."]})) == {"day": ["Too late."]}
    assert errors_after(ValidationError({"changes": "Too high."})) == {"value": ["Too high."]}
    assert errors_after(ValidationError({"owner": "Nobody."})) == {"__all__": ["Nobody."]}
    assert errors_after(ValidationError(["Not now.", "Not here."])) == {"__all__": ["Not now.", "Not here."]}


def test_no_view_lifts_a_services_errors_above_the_form():
    views = [path for app in ("ecpd", "cases", "leads", "parking") for path in (ROOT / app).rglob("*.py")
             if "view" in f"{path.relative_to(ROOT)}"]  # fmt: skip
    lifted = [f"{path.relative_to(ROOT)}" for path in views if ABOVE.search(path.read_text())]
    assert len(views) > 50 and lifted == [], (
        "Use ecpd.web.asking.add_errors: an error stands beside the answer it names."
    )
