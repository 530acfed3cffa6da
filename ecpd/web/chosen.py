"""A file that was chosen and came with a form that was sent back: no page can choose it again for its person.

The page says so at the field and sends a mark along; while the mark stands, the form is not taken without a file unless
its person says so.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

MOST_SIGNS = 300


def chosen_before(bound: BoundField) -> str:
    """The names of the files that came with this form, now or when it was sent before; empty when none did."""
    form = bound.form
    if not form.is_bound:
        return ""
    names = ", ".join(str(file.name) for file in _files(form, bound.html_name) if getattr(file, "name", ""))
    return (names or str(form.data.get(f"{bound.html_name}-chosen", "")))[:MOST_SIGNS]


def does_without(bound: BoundField) -> bool:
    """Whether the person said to go on without the file."""
    return bound.form.is_bound and bool(bound.form.data.get(f"{bound.html_name}-without"))


def ask_again(form: Any) -> None:
    """An error at each field whose file was chosen before and did not come this time."""
    for name, field in form.fields.items():
        if not isinstance(field, forms.FileField) or name in form.errors:
            continue
        bound = form[name]
        missed = chosen_before(bound) if not _files(form, bound.html_name) else ""
        if missed and (field.required or not does_without(bound)):
            form.add_error(name, f"Choose the file again: {missed} was not kept.")


def _files(form: Any, name: str) -> list[Any]:
    found = form.files.getlist(name) if hasattr(form.files, "getlist") else [form.files.get(name)]
    return [file for file in found if file]
