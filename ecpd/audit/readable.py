"""Structured values and codes of records as people read them in the auditor's admin."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import CharField, DateTimeField, Field, FloatField, JSONField, Model
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ecpd.web.words import action as action_words
from ecpd.web.words import moment

# PostgreSQL keeps the names of an object by length; people read them in this order, and others after them.
ORDER = ("rule_id", "outcome", "sentence", "remedy", "name", "words", "value", "shown", "limit", "needed", "verdict")
CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
LABELS = {"id": "number", "ip": "IP", "sha256": "SHA-256", "url": "web address"}


def shown(value: Any) -> str | SafeString:
    """A JSON value: an object as a list of names and values, a list of objects as a table, anything else in one line."""
    if isinstance(value, Mapping):
        rows = ((_word(name), shown(value[name])) for name in _in_order(value))
        return format_html("<dl class=json>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))
    if isinstance(value, list | tuple) and value and all(isinstance(inner, Mapping) for inner in value):
        return _table(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(shown(inner)) for inner in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in (None, "") else _text(str(value))


def _text(value: str) -> str:
    """A code as words, a moment as people write it, anything else as it is."""
    if CODE.fullmatch(value):
        return value.replace("_", " ")
    moment_in_it = parse_datetime(value) if MOMENT.match(value) else None
    return moment(moment_in_it) if moment_in_it else value


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def _table(rows: Sequence[Mapping[str, Any]]) -> SafeString:
    names = _in_order(dict.fromkeys(name for row in rows for name in row))
    head = format_html_join("", "<th scope=col>{}</th>", ((_word(name),) for name in names))
    cells = [format_html_join("", "<td>{}</td>", ((shown(row.get(name)),) for name in names)) for row in rows]
    body = format_html_join("", "<tr>{}</tr>", ((row,) for row in cells))
    table = format_html("<table class=json><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)
    # On a phone it scrolls by itself, also by keys.
    return format_html('<div class="json-scroll" tabindex="0" role="group" aria-label="Table">{}</div>', table)


def _word(name: str) -> str:
    if name == "rule_id":
        return "Rule"
    words = [LABELS.get(word, word) for word in str(name).replace("_", " ").split(" ")]
    return capfirst(" ".join(words))


def column(field: Field) -> str | Callable[[Model], str]:
    """How a page of one record shows this field: by its name, or by a column that says it in words."""
    words = _in_words(field)
    label = _word(str(field.verbose_name))
    if words is None and label == capfirst(str(field.verbose_name)):
        return field.name

    @admin.display(description=label)
    def said(record: Model) -> str:
        value = getattr(record, field.name)
        return words(value) if words else shown(value)

    return said


def listed(field: Field) -> Callable[[Model], str]:
    """How a list shows a moment or a measured number: as pages write it, and sorted by."""
    words = _in_words(field) or str

    @admin.display(description=_word(str(field.verbose_name)), ordering=field.name)
    def said(record: Model) -> str:
        return words(getattr(record, field.name))

    said.__name__ = field.name  # the column's class
    return said


def is_code(field: Field) -> bool:
    """Whether the field names an action of the policy by its code."""
    return field.name == "action" and isinstance(field, CharField) and not field.choices


def _in_words(field: Field) -> Callable[[Any], str] | None:
    if isinstance(field, JSONField):
        return shown
    if is_code(field):
        return action_words
    if isinstance(field, FloatField):
        return _number
    if isinstance(field, DateTimeField):
        return _moment
    return _model_words if field.name == "subject_type" else None


def _number(value: float | None) -> str:
    """As many digits as say something: 16.16 seconds, 0.0031."""
    return "-" if value is None else f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"


def _moment(value: datetime | None) -> str:
    return moment(value) if value else "-"


def _model_words(label: str) -> str:
    """What one row of a model is called: "leads.searchrequest" is a search request."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label or "-"


class ActionFilter(admin.AllValuesFieldListFilter):
    """Filters by what was done or asked, in words instead of codes."""

    def choices(self, changelist):
        """The filter's links."""
        for choice in super().choices(changelist):
            yield choice | {"display": action_words(str(choice["display"]))}
