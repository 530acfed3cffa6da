"""CSV files that people open in a spreadsheet: every one of them is written here."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils import timezone

# What a spreadsheet takes for the beginning of a formula, also after blanks, controls and signs that nobody sees.
FORMULA = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; "" for None. A number stays one.

    A moment is the department's time with its zone, as pages show it; lists and objects are JSON.
    """
    text = _as_text(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def _as_text(value: Any) -> str:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).isoformat(sep=" ")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return "" if value is None else str(value)


def as_csv(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as the text of a CSV file."""
    target = io.StringIO()
    csv.writer(target).writerows([cell(value) for value in row] for row in rows)
    return target.getvalue()


def csv_file(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """Rows as a file to save, the names of its columns among them."""
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
