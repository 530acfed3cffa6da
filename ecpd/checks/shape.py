"""What a JSON value is made of, said once on its field and held by a CHECK: pages read it without asking.

A shape is JSON itself, so that one text goes to PostgreSQL and to Python. A word names what a value may be, by letters:
`s` text, `n` number, `b` yes or no, `0` nothing (null), `a` a list, `o` an object, `*` anything; `d` is text that says a
day (ISO 8601), `m` a moment with its zone, `t` an hour, `c` one to three capitals, `e` an empty text. An object says more:
`each` of a list (`least`: how many), `of` a list of so many, `all` the values of an object, `keys` by name (`name?` may be
missing; others are free, but for `only`), `one` of these texts. `or` adds what it may be instead.
"""

import json
import re
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Func, TextField, Value

from ecpd.audit.pinned import FunctionV1

Shape = str | dict[str, Any]
HOUR = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
DAY = "(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"  # of a year that pages can turn into local time
MOMENT = f"{DAY}[T ]{HOUR}(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_CAPITALS = re.compile("[A-Z]{1,3}")
_HOUR = re.compile(HOUR)
_DAY, _MOMENT = re.compile(DAY), re.compile(MOMENT)
LETTERS = {"string": "s", "number": "n", "boolean": "b", "null": "0", "array": "a", "object": "o"}
# Every part beside what it should be, level by level; `v` is NULL where a part is missing.
SHAPED = FunctionV1(
    "ecpd_shaped",
    "said jsonb, shape jsonb",
    "boolean",
    rf"""
    WITH RECURSIVE part(v, s) AS (
        SELECT said, shape
        UNION ALL
        SELECT c.v, c.s FROM part p CROSS JOIN LATERAL (
            SELECT e AS v, p.s -> 'each' AS s
            FROM jsonb_array_elements(CASE WHEN p.s ? 'each' AND jsonb_typeof(p.v) = 'array' THEN p.v END) e
            UNION ALL
            SELECT p.v -> (t.n - 1)::int, t.s
            FROM jsonb_array_elements(CASE WHEN jsonb_typeof(p.v) = 'array' THEN p.s -> 'of' END)
                WITH ORDINALITY t(s, n)
            UNION ALL
            SELECT m.value, p.s -> 'all'
            FROM jsonb_each(CASE WHEN p.s ? 'all' AND jsonb_typeof(p.v) = 'object' THEN p.v END) m
            UNION ALL
            SELECT p.v -> rtrim(k.key, '?'), k.value
            FROM jsonb_each(CASE WHEN jsonb_typeof(p.v) = 'object' THEN p.s -> 'keys' END) k
            WHERE right(k.key, 1) <> '?' OR p.v ? rtrim(k.key, '?')
        ) c WHERE c.v IS NULL OR c.s <> '"*"'
    )
    SELECT said IS NULL OR bool_and(v IS NOT NULL AND (CASE jsonb_typeof(s)
        WHEN 'string' THEN s = '"*"' OR strpos(s #>> '{{}}', CASE jsonb_typeof(v) WHEN 'null' THEN '0'
                                               ELSE left(jsonb_typeof(v), 1) END) > 0
            OR jsonb_typeof(v) = 'string' AND (strpos(s #>> '{{}}', 'e') > 0 AND v = '""'
                OR (strpos(s #>> '{{}}', 'd') > 0 AND v #>> '{{}}' ~ '^{DAY}$'
                    OR strpos(s #>> '{{}}', 'm') > 0 AND v #>> '{{}}' ~ '^{MOMENT}$')
                   AND pg_input_is_valid(v #>> '{{}}', 'timestamptz')
                OR strpos(s #>> '{{}}', 'c') > 0 AND v #>> '{{}}' ~ '^[A-Z]{{1,3}}$'
                OR strpos(s #>> '{{}}', 't') > 0 AND v #>> '{{}}' ~ '^{HOUR}$')
        ELSE strpos(COALESCE(s ->> 'or', ''), CASE jsonb_typeof(v) WHEN 'null' THEN '0'
                                              ELSE left(jsonb_typeof(v), 1) END) > 0
            OR CASE WHEN s ? 'each' THEN jsonb_typeof(v) = 'array'
                         AND jsonb_array_length(CASE jsonb_typeof(v) WHEN 'array' THEN v ELSE '[]' END)
                             >= COALESCE((s ->> 'least')::int, 0)
                    WHEN s ? 'of' THEN jsonb_typeof(v) = 'array'
                         AND jsonb_array_length(CASE jsonb_typeof(v) WHEN 'array' THEN v ELSE '[]' END)
                             = jsonb_array_length(s -> 'of')
                    WHEN s ? 'one' THEN s -> 'one' @> v AND jsonb_typeof(v) = 'string'
                    ELSE jsonb_typeof(v) = 'object' AND (NOT s ? 'only' OR NOT EXISTS (
                        SELECT FROM jsonb_object_keys(CASE jsonb_typeof(v) WHEN 'object' THEN v ELSE '{{}}' END) x
                        WHERE right(x, 1) = '?' OR NOT (s -> 'keys' ? x OR s -> 'keys' ? (x || '?')))) END
        END)) FROM part""",
    volatility="IMMUTABLE",
)


class Shaped(Func):
    """Whether a JSON value has a shape (`shaped`); yes for NULL."""

    function = "public.ecpd_shaped"
    arity = 2
    output_field = BooleanField()

    @classmethod
    def of(cls, field: str, shape: Shape) -> "Shaped":
        """The condition of a column."""
        return cls(field, Value(json.dumps(shape, sort_keys=True)))


class JsonKind(Func):
    """What kind of JSON value it is, in PostgreSQL's words."""

    function = "jsonb_typeof"
    arity = 1
    output_field = TextField()


def shaped(value: Any, shape: Shape) -> bool:
    """Whether a value has this shape, as the database sees it."""
    if isinstance(shape, str):
        return shape == "*" or _letter(value) in shape or (isinstance(value, str) and _said(value, shape))
    if _letter(value) in shape.get("or", ""):
        return True
    if "each" in shape:
        many = isinstance(value, list | tuple) and len(value) >= shape.get("least", 0)
        return many and all(shaped(each, shape["each"]) for each in value)
    if "of" in shape:
        wanted = shape["of"]
        return isinstance(value, list | tuple) and len(value) == len(wanted) and all(map(shaped, value, wanted))
    if "one" in shape:
        return value in shape["one"]
    return isinstance(value, dict) and _named(value, shape)


def _letter(value: Any) -> str:
    if value is None:
        return "0"
    kinds = ((bool, "b"), (str, "s"), (int | float, "n"), (list | tuple, "a"), (dict, "o"))
    return next((letter for kind, letter in kinds if isinstance(value, kind)), "-")  # what JSON writes as text has none


def _said(value: str, letters: str) -> bool:
    forms = {"t": _HOUR, "c": _CAPITALS, "d": _DAY, "m": _MOMENT}
    said = [one for one, form in forms.items() if one in letters and form.fullmatch(value)]
    return ("e" in letters and value == "") or (bool(said) and (said[0] in "tc" or _is_possible(value)))


def _is_possible(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _named(value: dict, shape: dict[str, Any]) -> bool:
    if "all" in shape and not all(shaped(each, shape["all"]) for each in value.values()):
        return False
    if "only" in shape and not {one.removesuffix("?") for one in shape["keys"]} >= value.keys():
        return False
    for name, each in shape.get("keys", {}).items():
        known = name.removesuffix("?")
        if known not in value:
            if name == known:
                return False
        elif not shaped(value[known], each):
            return False
    return True
