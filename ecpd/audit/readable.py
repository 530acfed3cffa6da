"""Structured values and codes of records as people read them in the auditor's admin."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Field, Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ecpd.web.words import action as action_words


def shown(value: Any) -> str | SafeString:
    """A JSON value: an object as a list of names and values, a list of objects as a table, anything else in one line."""
    if isinstance(value, Mapping):
        rows = ((_word(name), shown(inner)) for name, inner in value.items())
        return format_html("<dl class=json>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))
    if isinstance(value, list | tuple) and value and all(isinstance(inner, Mapping) for inner in value):
        return _table(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(shown(inner)) for inner in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in (None, "") else str(value)


def _table(rows: Sequence[Mapping[str, Any]]) -> SafeString:
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = format_html_join("", "<th scope=col>{}</th>", ((_word(name),) for name in names))
    cells = [format_html_join("", "<td>{}</td>", ((shown(row.get(name)),) for name in names)) for row in rows]
    body = format_html_join("", "<tr>{}</tr>", ((row,) for row in cells))
    return format_html("<table class=json><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


def _word(name: str) -> str:
    return str(name).replace("_", " ").capitalize()


def json_column(field: Field) -> Callable[[Model], str]:
    """The column that shows this JSON field in words, for a ModelAdmin's `fields`."""

    @admin.display(description=field.verbose_name)
    def column(record: Model) -> str:
        return shown(getattr(record, field.name))

    return column


class ActionFilter(admin.AllValuesFieldListFilter):
    """Filters by what was done or asked, in words instead of codes."""

    def choices(self, changelist):
        """The filter's links."""
        for choice in super().choices(changelist):
            yield choice | {"display": action_words(str(choice["display"]))}
