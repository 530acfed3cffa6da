"""Required text says something: a letter or digit that can be seen, in the database as in Python."""

import json
import sys
import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from ecpd.checks import exceptions
from ecpd.checks.derive import label_path
from ecpd.checks.letters import json_says_something, readable, says_something
from tests.checks.catalog import fields_of_ours, label, refusing

pytestmark = pytest.mark.django_db
TEXTS = [
    pair
    for pair in fields_of_ours()
    if isinstance(pair[1], models.CharField | models.TextField) and not pair[1].blank and not pair[1].choices
]
HELD = [pair for pair in TEXTS if label_path(*pair) not in exceptions.MAY_BE_EMPTY]
NO_TEXT = [
    "",
    " ",
    "  \n\t",
    "\u00a0",
    "\u200b\u200d",
    "\u2060\ufeff",
    "\u3164",
    "\u2800",
    "\u00ad",
    "…",
    "---",
    "\u0301",
]
TEXT = ["a", "7", " x ", "A1"]


@pytest.mark.parametrize("pair", HELD, ids=map(label, HELD))
def test_required_text_says_something(pair):
    assert [value for value in NO_TEXT if not refusing(*pair, value)] == []
    assert [value for value in TEXT if any(name.endswith("_says") for name in refusing(*pair, value))] == []


@given(st.text(min_size=1))
def test_what_was_typed_can_be_kept_and_read_again(text):
    kept = readable(text)
    assert says_something(kept) and "\0" not in kept
    assert kept == text or "\0" in text or not says_something(text)


def test_what_says_nothing_is_kept_by_its_code_points():
    assert [readable(text) for text in ("", "\ufffd", "\0", "7ABC\x00123", "…-")] == [
        *("", "U+FFFD", "U+0000", "7ABC123", "U+2026 U+002D")
    ]


def test_the_exceptions_are_fields_and_tables_that_there_are_with_a_reason():
    assert set(exceptions.MAY_BE_EMPTY) <= {label_path(*pair) for pair in TEXTS}
    assert set(exceptions.WRITTEN_BY_MACHINES) <= {model._meta.label for model in apps.get_models()}
    fields = {label_path(*pair) for pair in fields_of_ours() if isinstance(pair[1], models.JSONField)}
    assert set(exceptions.MAY_HOLD_NOTHING) <= fields
    each = (exceptions.MAY_BE_EMPTY, exceptions.WRITTEN_BY_MACHINES, exceptions.MAY_HOLD_NOTHING)
    said = [reason for table in each for reason in table.values()]
    assert all(says_something(reason) for reason in said)


NO_JSON = [{}, [], None, "", " ", {"plate": ""}, {"plate": "\n\t"}, [["\u200b"]], {"a": {"b": []}}, True, {"a": False}]
JSON = [{"plate": "8ABC123"}, ["x"], 7, 0, "a", {"a": [{"b": "7"}]}, {"at": [1.5, 2]}]


def test_the_database_and_python_find_the_same_json_empty():
    with connection.cursor() as cursor:
        for value in [*NO_JSON, *JSON]:
            cursor.execute("SELECT ecpd_json_says_something(%s::jsonb)", [json.dumps(value)])
            assert cursor.fetchone()[0] == json_says_something(value) is any(value is one for one in JSON), value


def test_the_database_and_python_see_the_same_letters():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(code) FROM generate_series(1, %s) code WHERE code NOT BETWEEN 55296 AND 57343"
            " AND ecpd_says_something(chr(code))", [sys.maxunicode],
        )  # fmt: skip
        seen = set(cursor.fetchone()[0])
    assert seen == {code for code in range(1, sys.maxunicode + 1) if says_something(chr(code))}
    assert {ord(letter) for letter in "aZ09éß李Жא١"} <= seen
    assert not seen & {0x115F, 0x1160, 0x3164, 0xFFA0}  # Hangul fillers: letters that are drawn as nothing
    assert all(unicodedata.category(chr(code))[0] in "LN" for code in seen)


@isolate_apps("leads")
def test_a_new_model_has_its_checks_of_text_without_anybody_writing_them():
    fields = {"reason": models.TextField("why"), "note": models.TextField(blank=True)}
    made = type("Newcomer", (models.Model,), {"__module__": "leads.models", **fields,
                                             "Meta": type("Meta", (), {"app_label": "leads"})})  # fmt: skip
    names = [check.name for check in made._meta.constraints]
    assert names == [f"value_leads_newcomer_{end}" for end in ("reason_says", "reason_plain", "note_plain")]
    with pytest.raises(ValidationError, match="“Why” says nothing"):
        made(reason="\u200b").validate_constraints()
    made(reason="He asked.").validate_constraints()
