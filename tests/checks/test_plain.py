"""Every text is short enough to be read and can be printed, every JSON value can be walked: in Python and the database."""

import json
import sys

import pytest
from django import forms
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import connection, models

from contrib.verify_bundle import LONGEST_LINE
from ecpd.accounts.roles import Role
from ecpd.audit.sealed import seal_of, sealed_models
from ecpd.checks import exceptions
from ecpd.checks.derive import is_digest, label_path
from ecpd.checks.json_field import JSONField
from ecpd.checks.names import name_of
from ecpd.checks.plain import CONTROL, DEEPEST, LARGEST_JSON, LONGEST_TEXT, MOST_VALUES, fits, is_plain, printable
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from ecpd.policy.shown import changed
from ecpd.web.forms import UswdsFormMixin
from parking.api.makers import without_pictures
from tests.checks.catalog import fields_of_ours, label, refusing
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TEXTS = [
    pair
    for pair in fields_of_ours()
    if isinstance(pair[1], models.CharField | models.TextField) and not pair[1].choices and not is_digest(*pair)
]
HELD = [
    pair
    for pair in TEXTS
    if label_path(*pair) not in exceptions.MAY_BE_LONG | exceptions.MADE_BY_A_GUARD
    and not (pair[1].max_length and pair[0]._meta.label in exceptions.WRITTEN_BY_MACHINES)
]
PARTS = [pair for pair in fields_of_ours() if isinstance(pair[1], models.JSONField)]
HELD_PARTS = [pair for pair in PARTS if label_path(*pair) not in exceptions.MAY_BE_LARGE]


# Numbers that PostgreSQL keeps: Python reads no row with the first, and a page shows none with the last.
FAR = [f'{{"a": [1{"0" * 5000}]}}', f'{{"a": -1{"0" * 5000}}}', f"1{'0' * 301}", f"[{'9' * 320}.5]"]


def nested(depth: int) -> str:
    return "[" * depth + "1" + "]" * depth


@pytest.mark.parametrize("pair", HELD, ids=map(label, HELD))
def test_text_is_short_and_printed(pair):
    plain = {value: any(name.endswith("plain") or "plain_" in name for name in refusing(*pair, value))
             for value in ("a\x1b", "\x01", "a\x7f", "a\x9b", "a\r\n\tb", "é李", "")}  # fmt: skip
    assert [value for value, refused in plain.items() if refused] == ["a\x1b", "\x01", "a\x7f", "a\x9b"]
    if pair[1].max_length is None:
        assert refusing(*pair, "a" * (LONGEST_TEXT + 1))
        assert not refusing(*pair, "a" * LONGEST_TEXT)


@pytest.mark.parametrize("pair", HELD_PARTS, ids=map(label, HELD_PARTS))
def test_json_is_neither_deep_nor_large(pair):
    largest = exceptions.OF_ANOTHER_SIZE.get(label_path(*pair), LARGEST_JSON)
    wrong = [nested(DEEPEST), nested(1500), '{"a":' * DEEPEST + "1" + "}" * DEEPEST, json.dumps(["a" * largest]), *FAR]
    assert [value[:20] for value in wrong if not refusing(*pair, value)] == []
    assert not [name for name in refusing(*pair, nested(DEEPEST - 1)) if "fits" in name]
    assert not [
        name
        for name in refusing(*pair, '{"a": [1e300, -1e300, 0.1, "%s"]}' % ("9" * (largest // 2 - 1000)))
        if "fits" in name
    ]


def test_every_list_has_an_end():
    lists = [pair for pair in fields_of_ours() if isinstance(pair[1], ArrayField)]
    assert lists
    assert [label(pair) for pair in lists if not refusing(*pair, [1] * (MOST_VALUES + 1))] == []


def test_the_database_and_python_know_the_same_control_characters():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(code) FROM generate_series(1, %s) code WHERE code NOT BETWEEN 55296 AND 57343"
            " AND chr(code) ~ %s", [sys.maxunicode, CONTROL],
        )  # fmt: skip
        found = set(cursor.fetchone()[0])
    assert found == {code for code in range(1, sys.maxunicode + 1) if not is_plain(chr(code))}
    assert found == {*range(1, 9), 11, 12, *range(14, 32), *range(127, 160)}


@pytest.mark.parametrize(
    "value", [nested(39), nested(40), '{"a":' * 39 + "1" + "}" * 39, '{"a":' * 40 + "1" + "}" * 40]
)
def test_python_counts_levels_as_the_database_does(value):
    field = (Decision, Decision._meta.get_field("verdicts"))
    assert fits(json.loads(value)) == (not [name for name in refusing(*field, value) if name.endswith("fits")])


@pytest.mark.parametrize("number", [10**300, -(10**300), 10**300 + 1, -(10**301), 10**4000, 1e300, 1.1e300, 0.5])
def test_python_counts_as_far_as_the_database(number):
    field = (Decision, Decision._meta.get_field("verdicts"))
    assert fits([number]) == (
        not [name for name in refusing(*field, f"[{json.dumps(number)}]") if name.endswith("fits")]
    )


def test_every_json_of_ours_can_be_read_whatever_number_is_in_it():
    assert [label(pair) for pair in PARTS if not isinstance(pair[1], JSONField)] == []


def test_a_row_with_numbers_that_nobody_counts_is_read_all_the_same(owner_cursor):
    for kind in ("fits", "shaped"):
        owner_cursor.execute("ALTER TABLE policy_decision DROP CONSTRAINT " + name_of(Decision, "verdicts", kind))
    with policy.door(make_user(Role.AUDITOR), "audit.verify", None):
        pass
    owner_cursor.execute(
        "UPDATE policy_decision SET verdicts = %s, parameters = '{}'", [f"[{FAR[2]}{'0' * 5000}, {'9' * 320}.5]"]
    )
    assert Decision.objects.latest("pk").verdicts == [f"1{'0' * 5301}", f"{'9' * 320}.5"]


def test_the_exceptions_are_of_fields_that_there_are():
    assert {*exceptions.MAY_BE_LONG, *exceptions.MADE_BY_A_GUARD} <= {label_path(*pair) for pair in TEXTS}
    assert {*exceptions.MAY_BE_LARGE, *exceptions.OF_ANOTHER_SIZE} <= {label_path(*pair) for pair in PARTS}
    assert not exceptions.MAY_BE_LARGE.keys() & exceptions.OF_ANOTHER_SIZE.keys()
    assert all(len(reason) > 20 for reason in (*exceptions.MAY_BE_LONG.values(), *exceptions.MAY_BE_LARGE.values()))


def _longest(field: models.Field) -> int:
    """Bytes of a column in an export's line: a character takes at most four, a backslash inside text inside text too."""
    path = label_path(field.model, field)
    if isinstance(field, models.JSONField):
        assert path not in exceptions.MAY_BE_LARGE
        return 4 * exceptions.OF_ANOTHER_SIZE.get(path, LARGEST_JSON)
    if isinstance(field, ArrayField):
        return MOST_VALUES * _longest(field.base_field)
    if isinstance(field, models.CharField | models.TextField):
        assert path not in exceptions.MAY_BE_LONG
        return 4 * (field.max_length or LONGEST_TEXT)
    return 20 if isinstance(field, models.IntegerField) else 60_000  # moments, vectors


def test_no_row_makes_an_export_that_cannot_be_read():
    for model in sealed_models():
        left_out = {*seal_of(model).left_out, *seal_of(model).by_hash}
        columns = [field for field in model._meta.concrete_fields if field.column not in left_out]
        assert sum(map(_longest, columns)) < LONGEST_LINE, model._meta.label


class Asked(UswdsFormMixin, forms.Form):
    words = forms.CharField(widget=forms.Textarea)
    short = forms.CharField(max_length=10, required=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a" * (LONGEST_TEXT + 1), "This is 20,001 characters long: shorten it to 20,000"),
        ("He left at nine.\x0bThen", "There is a character that cannot be printed (U+000B) after “He left at nine.”"),
        ("\x1b", "(U+001B) at its beginning"),
    ],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(words, said):
    form = Asked({"words": words})
    assert not form.is_valid()
    assert said in form.errors["words"][0]
    assert words.strip()[:10] in form["words"].value()


def test_a_form_takes_what_people_type():
    assert Asked({"words": "Line one\r\n\tline two – “quoted” 李", "short": "x"}).is_valid()


def test_the_door_takes_no_reason_that_cannot_be_kept():
    chief, before = make_user(Role.CHIEF), Decision.objects.count()
    for reason in ("because " + "\x01" * 100, "a" * (LONGEST_TEXT + 1)):
        with (
            pytest.raises(ValidationError, match="at most 20,000"),
            policy.door(chief, "amendment.propose", None, reason),
        ):
            raise AssertionError("It opened.")
    assert Decision.objects.count() == before


def test_a_denial_is_kept_whatever_was_said():
    driver = make_user(Role.AUDITOR)
    with pytest.raises(PolicyDenied), policy.door(driver, "amendment.propose", None, "no\x01" + "a" * LONGEST_TEXT):
        raise AssertionError("It opened.")
    kept = Decision.objects.latest("pk")
    assert (kept.outcome, kept.justification[:4], len(kept.justification)) == ("denied", "no a", LONGEST_TEXT)


def test_what_programs_write_is_cut_and_printed():
    assert printable("a\x00b\x1b[c\n", 5) == "a b [c"[:5]


def test_a_token_of_brackets_says_nothing():
    assert changed("[" * 50_000, {"a": 1}) is None


def test_a_delivery_is_kept_as_deep_as_its_column_goes():
    kept = without_pictures(json.loads('{"a":' * 900 + "1" + "}" * 900))
    assert fits(kept)
    assert apps.get_model("parking.IngestBatch")(raw=kept).raw["a"]["a"]["a"]
