"""JSON is made of what its field says, to PostgreSQL and to Python alike; every column of ours says it."""

import json

import pytest
from django.apps import apps
from django.db import connection, models

from ecpd.checks import exceptions
from ecpd.checks.derive import is_ours, label_path, shape_of
from ecpd.checks.names import name_of
from ecpd.checks.shape import shaped
from tests.attacks.shapes import right, wrong
from tests.checks.catalog import refusing

COLUMNS = {
    label_path(model, field): (model, field)
    for model in apps.get_models()
    if is_ours(model)
    for field in model._meta.local_fields
    if isinstance(field, models.JSONField)
}
HELD = {name: pair for name, pair in COLUMNS.items() if shape_of(pair[1])}
SHAPES = {json.dumps(shape_of(field), sort_keys=True): shape_of(field) for _, field in HELD.values()}
EDGES = [None, [], {}, "", "text", "x" * 3000, 0, -1.5, True, [[]], [{}], [1, 2], {"a": 1}, {"a": None}, [None],
         "2026-11-29", "2026-02-30", "0000-01-01", "2026-02-29T08:00:00Z",
         "2026-11-29T24:00:00Z", "08:00", "24:00", "AB", "é", "2026-11-29T08:00:00Z", "infinity", "now",
         "9999-12-31T23:59:59.999999-07:00"]  # fmt: skip


def by_the_database(value: object, shape: object) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.ecpd_shaped(%s::jsonb, %s::jsonb)", [json.dumps(value), json.dumps(shape)])
        return bool(cursor.fetchone()[0])


def test_every_json_column_of_ours_says_what_it_is_made_of():
    silent = {name for name, (_, field) in COLUMNS.items() if getattr(field, "shape", None) is None}
    assert silent == set(exceptions.UNSHAPED)


@pytest.mark.django_db
@pytest.mark.parametrize("text", SHAPES)
def test_python_and_postgresql_judge_alike(text):
    shape = SHAPES[text]
    assert shaped(right(shape), shape)
    bad = [value for _, value in wrong(shape)]
    assert not [value for value in bad if shaped(value, shape)]
    for value in [right(shape), *bad, *EDGES, *([each] for each in EDGES), *({"a": each} for each in EDGES)]:
        assert by_the_database(value, shape) == shaped(value, shape), value


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["d", "m", "dm0", "de0", "t", "c", "s0", "b0", "n", "*", "a0"])
def test_words_are_read_alike(word):
    for value in EDGES:
        assert by_the_database({"a": value}, {"keys": {"a": word}}) == shaped({"a": value}, {"keys": {"a": word}}), (
            value
        )


@pytest.mark.django_db
@pytest.mark.parametrize("name", HELD)
def test_a_wrong_shape_is_refused_by_name(name):
    model, field = HELD[name]
    check = name_of(model, field.name, "shaped")
    for words, value in wrong(shape_of(field)):
        assert check in refusing(model, field, json.dumps(value)), words
    assert check not in refusing(model, field, json.dumps(right(shape_of(field))))
