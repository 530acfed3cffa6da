"""Forms in the look of the U.S. Web Design System."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import pretty_name

from ecpd.checks.letters import says_something
from ecpd.checks.plain import LONGEST_TEXT, PlainText
from ecpd.web.chosen import ask_again

# The first class that matches decides; the order goes from special to general.
_KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.SelectMultiple, "select"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.Widget, "text"),
]
_CLASSES = {
    "select": "usa-select",
    "checkbox": "usa-checkbox__input",
    "checkboxes": "usa-checkbox__input",
    "radios": "usa-radio__input",
    "textarea": "usa-textarea",
    "file": "dropzone__input",
    "password": "usa-input",
    "text": "usa-input",
}
NO_CHOICE = "-" * 9  # what Django calls a choice not made
_ASK = {
    "select": "Choose an answer for",
    "radios": "Choose an answer for",
    "checkboxes": "Choose an answer for",
    "file": "Add a file for",
}


def widget_kind(widget: forms.Widget) -> str:
    """How a widget is drawn: text, password, textarea, select, radios, checkbox, checkboxes or file."""
    return next(kind for cls, kind in _KINDS if isinstance(widget, cls))


def field_attrs(bound: BoundField) -> dict[str, Any]:
    """The attributes of a field's widget: its class, what describes it, and whether it is in error."""
    classes = [bound.field.widget.attrs.get("class", ""), _CLASSES[widget_kind(bound.field.widget)]]
    attrs: dict[str, Any] = {"aria-describedby": described_by(bound)}
    if bound.errors:
        classes.append("usa-input--error")
        attrs["aria-invalid"] = "true"
    attrs["class"] = " ".join(dict.fromkeys(" ".join(classes).split()))
    return {name: value for name, value in attrs.items() if value}


def described_by(bound: BoundField) -> str:
    """The ids of a field's hint and error, for aria-describedby."""
    ids = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    return " ".join([*ids, *([f"{bound.auto_id}_error"] if bound.errors else [])])


class UswdsFormMixin:
    """Gives every widget its USWDS class, so that `{{ form.field }}` alone looks right too."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            base = field.widget.attrs.get("class", "")
            wanted = _CLASSES[widget_kind(field.widget)]
            field.widget.attrs["class"] = base if wanted in base.split() else f"{base} {wanted}".strip()
            _name_no_choice(field)
            _hold_plain(field)
            _hold_said(name, field)
            _say_plainly(name, field)
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = missing(name, field)

    def full_clean(self) -> None:
        """Cleaned, and never without a file that was chosen before."""
        super().full_clean()  # type: ignore[misc] # the form that this is mixed into
        if getattr(self, "is_bound", False):
            ask_again(self)


def _hold_plain(field: forms.Field) -> None:
    """Text is held to what a text is (`ecpd.checks.plain`), so that the form says so and nothing typed is lost."""
    if isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField):
        field.validators = [*field.validators, PlainText(None if field.max_length else LONGEST_TEXT)]


def _hold_said(name: str, field: forms.Field) -> None:
    """A written answer that is required says something (`ecpd.checks.letters`), as the database asks of what it keeps.

    Not what is more than words to Django: an address, a pattern, JSON; nor a password, which may be of any signs.
    """
    if type(field) is forms.CharField and field.required and not isinstance(field.widget, forms.PasswordInput):
        field.validators = [*field.validators, Says(str(field.label or pretty_name(name)))]


def _say_plainly(name: str, field: forms.Field) -> None:
    """What Django says of a value that is too short, long, small or large names the question, and speaks like a person."""
    label = f"“{field.label or pretty_name(name)}”"
    words = {
        "min_length": f"{label} needs at least %(limit_value)d characters; there are %(show_value)d.",
        "max_length": f"{label} has room for %(limit_value)d characters; there are %(show_value)d.",
        "min_value": f"{label} is %(limit_value)s or more.",
        "max_value": f"{label} is %(limit_value)s at most.",
        "max_digits": f"{label} has too many digits.",
        "max_decimal_places": f"{label} has too many digits after the point.",
        "max_whole_digits": f"{label} is too large.",
    }
    if isinstance(field, forms.FileField):
        words = {}
    if isinstance(field, forms.SlugField):
        words["invalid"] = f"{label} takes letters, digits, hyphens and underscores only."
    for code, said in words.items():
        field.error_messages.setdefault(code, said)


class Says:
    """A validator: a text with at least one letter or digit that can be seen."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, value: object) -> None:
        """Raises ValidationError."""
        if not says_something(str(value)):
            raise ValidationError(f"“{self.label}” says nothing: write it with letters or digits.", code="check")


def _name_no_choice(field: forms.Field) -> None:
    """An answer not yet chosen reads "Choose"."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == NO_CHOICE:
            field.empty_label = "Choose"
    elif isinstance(field, forms.ChoiceField):
        given: Any = field.choices
        field.choices = [(value, "Choose" if word == NO_CHOICE else word) for value, word in given]


def missing(name: str, field: forms.Field) -> str:
    """What a person reads when a required answer is missing: it names the question, for the summary on top."""
    label = field.label or pretty_name(name)
    kind = widget_kind(field.widget)
    if kind == "checkbox":
        return f"Confirm: {label}."
    return f"{_ASK.get(kind, 'Fill in')} “{label}”."


class TileRadios(forms.RadioSelect):
    """Radio buttons as tiles, each with a sentence under its label: `descriptions` maps value to sentence."""

    tiles = True

    def __init__(self, *args: Any, descriptions: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.descriptions = dict(descriptions or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, with its sentence."""
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"description": self.descriptions.get(str(value), "")}


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes many files."""

    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Many files, at least one where it is required; cleaned to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file checked as a single one would be."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(file, initial) for file in files or [None]]
