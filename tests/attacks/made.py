"""Attacks that follow from what a guard is: columns that are fixed, values a column does not take, rows that are twice."""

import json
import re
from collections.abc import Iterator

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.sql.query import Query
from pgtrigger import Trigger
from pgvector.django import HalfVectorField
from psycopg import IsolationLevel, sql

from ecpd.audit.fixed import first_values, has_list
from ecpd.audit.records import NEWEST_STATE, Protect
from ecpd.checks import exceptions
from ecpd.checks.ahead import guard_name, happened, happened_in_json, words_of
from ecpd.checks.constraint import FieldCheck
from ecpd.checks.decided import decision_fields
from ecpd.checks.derive import label_of, label_path, shape_of
from ecpd.checks.names import name_of
from ecpd.checks.plain import DEEPEST, LARGEST_JSON, LONGEST_TEXT, MOST_VALUES
from ecpd.checks.ranges import range_of
from ecpd.checks.stamped import BY_THE_DATABASE, stamped_columns
from ecpd.checks.together import COMES_WITH, is_named
from tests.attacks.attack import Attack
from tests.attacks.guards import REFUSAL, Guard, body, every_guard, keys, named_of, signs, tables
from tests.attacks.shapes import wrong

NEWEST = REFUSAL.findall(NEWEST_STATE)[0]
FIXED = re.compile(r"OLD\.(\w+) IS DISTINCT FROM NEW\.\1")
ONLY_FIXED = re.compile(r"^\s*IF (?:OLD\.\w+ IS DISTINCT FROM NEW\.\w+(?: OR )?)+ THEN RAISE EXCEPTION")
# A trigger puts a better value in their place (test_mended): no statement writes this one.
MENDED = {("accounts_user", column) for column in ("session_epoch", "name_key", "person_key")}
# A trigger puts a better value there as well, unless the row says this beside it.
UNLESS = {("audit_conduct", "actor_label"): {"actor_id": "NULL"}}
# No key of its own, and yet what makes a row with the same words another's.
TELLS_APART = {("accounts_user", "badge")}
# A decision and a search are made under the manual in force, as every door does.
IN_FORCE = dict.fromkeys(
    (("policy_decision", "manual_version_id"), ("leads_searchrequest", "manual_version_id")),
    "(SELECT v.id FROM policy_manualversion v WHERE v.effective_from <= now() "
    "ORDER BY v.effective_from DESC, v.id DESC LIMIT 1)",
)
# What is no text: blanks, line ends, tabs, and characters that take no room.
NO_TEXT = {"blanks": "'   '", "line ends": "E'\\n\\t\\r\\n'", "no width": "E'\\u200b\\u2060\\ufeff'"}

NO_JSON = {"nothing": "'{}'::jsonb", "an empty list": "'[]'::jsonb", "an empty part": """'{"plate": ""}'::jsonb""",
           "line ends": r"""'{"plate": ["\n\t"]}'::jsonb""", "a flag": """'{"plate": true}'::jsonb"""}  # fmt: skip


def clone(table: str, where: str = "true", /, **changes: str) -> str:
    """An INSERT that repeats a row of the table; `changes` are SQL by column, whatever a column is called. It begins as
    a new row does, with a new key and new unique words."""
    model = tables()[table]
    values, first = {}, first_values(model) if has_list(model) else {}
    for field in model._meta.concrete_fields:
        if field.column in changes:
            values[field.column] = changes.pop(field.column)
        elif (table, field.column) in IN_FORCE:
            values[field.column] = IN_FORCE[table, field.column]
        elif field.primary_key and not isinstance(field, models.OneToOneField):
            if isinstance(field, models.UUIDField):
                values[field.column] = "gen_random_uuid()"
            elif isinstance(field, models.CharField):
                values[field.column] = f"substr(md5(random()::text), 1, {field.max_length})"
            elif not isinstance(field, models.AutoField):
                values[field.column] = f'(SELECT max(x."{field.column}") + 1 FROM "{table}" x)'
        elif getattr(field, "generated", False):
            continue
        elif field in decision_fields(model) and field.null:
            values[field.column] = "NULL"
        elif field.column in stamped_columns(model) and field.column not in first:
            values[field.column] = f'CASE WHEN o."{field.column}" IS NOT NULL THEN now() END'
        elif (field.unique or (table, field.column) in TELLS_APART) and isinstance(
            field, models.CharField | models.TextField
        ):
            values[field.column] = f"substr(md5(random()::text) || md5(random()::text), 1, {field.max_length or 32})"
        elif field.unique and isinstance(field, models.UUIDField):
            values[field.column] = "gen_random_uuid()"
        elif field.column in first:
            values[field.column] = first[field.column]
        else:
            values[field.column] = f'o."{field.column}"'
    assert not changes, f"{table} has no columns {sorted(changes)}"
    columns = ", ".join(f'"{name}"' for name in values)
    return (
        f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(values.values())} FROM "{table}" o '
        f'WHERE {where} ORDER BY o."{model._meta.pk.column}" LIMIT 1'
    )


def other(field: models.Field) -> str:
    """SQL for a value of this column that differs from the one it has."""
    name = f'"{field.column}"'
    if isinstance(field, models.ForeignKey):
        to = field.related_model._meta
        key = field.target_field.column
        return f'(SELECT x."{key}" FROM "{to.db_table}" x WHERE x."{key}" IS DISTINCT FROM t.{name} ORDER BY 1 LIMIT 1)'
    if isinstance(field, ArrayField):
        return "'{OTHER}'"
    kinds = {
        models.BooleanField: f"NOT t.{name}",
        models.DateTimeField: f"coalesce(t.{name}, '2026-01-01') - interval '1 day'",
        models.DateField: f"coalesce(t.{name}, '2026-01-01') - 1",
        models.UUIDField: "gen_random_uuid()",
        models.JSONField: "'{\"swapped\": 1}'::jsonb",
        models.IntegerField: f"coalesce(t.{name}, 0) + 1",
        models.FloatField: f"coalesce(t.{name}, 0) / 2 + 0.125",
        models.DecimalField: f"coalesce(t.{name}, 0) / 2 + 0.125",
    }
    for kind, text in kinds.items():
        if isinstance(field, kind):
            return text
    if isinstance(field, models.CharField | models.TextField):
        choices = [repr(str(value)) for value, _ in field.flatchoices if value]
        if len(choices) > 1:
            return f"CASE WHEN t.{name} = {choices[0]} THEN {choices[1]} ELSE {choices[0]} END"
        return f"overlay(t.{name} placing (CASE WHEN left(t.{name}, 1) = 'X' THEN 'Y' ELSE 'X' END) from 1 for 1)"
    return f"t.{name}"


def fixed_columns() -> Iterator[Attack]:
    """Each column that a guard keeps as it was is changed."""
    for table, model in tables().items():
        fields = {field.column: field for field in model._meta.concrete_fields}
        pk = model._meta.pk.column
        for trigger in getattr(model._meta, "triggers", None) or []:
            if not ONLY_FIXED.match(body(trigger)):
                continue
            for column in FIXED.findall(body(trigger)):
                if column == pk:
                    continue  # a key that others point to is held by them; one that nobody points to is no other row
                statement = (
                    f'UPDATE "{table}" t SET "{column}" = {other(fields[column])} WHERE t."{pk}" = '
                    f'(SELECT "{pk}" FROM "{table}" ORDER BY ("{column}" IS NULL), "{pk}" LIMIT 1)'
                )
                yield Attack(f"{column} afterwards", _guard(table, trigger), statement, shielded=True)


def _guard(table: str, trigger: Trigger) -> Guard:
    sentence = REFUSAL.findall(body(trigger))[0].replace("''", "'")
    return Guard(table, trigger.name, sentence)


def derived_checks() -> Iterator[Attack]:
    """Each CHECK that follows from a field: a value it does not take, put into a row that is there and into a new one."""
    for table, model in tables().items():
        for constraint in named_of(model):
            if not isinstance(constraint, FieldCheck):
                continue
            for words, values in values_for(constraint.name, model, constraint).items():
                guard = Guard(table, constraint.name, kind="constraint")
                sets = ", ".join(f'"{column}" = {_short(model, column, value, "")}' for column, value in values.items())
                changed = (
                    f'UPDATE "{table}" SET {sets} WHERE "{model._meta.pk.column}" = '
                    f'(SELECT "{model._meta.pk.column}" FROM "{table}" ORDER BY 1 LIMIT 1)'
                )
                yield Attack(f"{words}, afterwards", guard, changed, shielded=True)
                if any(is_stamped(model._meta.get_field(name)) for name in constraint.fields):
                    continue  # a new row's moment is held by `stamped`, and the ORM or the database writes its own
                anew = {column: _short(model, column, value, "o.") for column, value in values.items()}
                for column in values:
                    anew |= UNLESS.get((table, column), {})
                yield Attack(f"{words}, anew", guard, clone(table, **anew), shielded=True)


def is_stamped(field: models.Field) -> bool:
    """Whether whoever writes the row has no say in when it was written."""
    return any(getattr(field, name, False) for name in ("auto_now", "auto_now_add")) or str(field) in BY_THE_DATABASE


def _short(model: type[models.Model], column: str, value: str, row: str) -> str:
    """A value that fits the column; {row} is where its other columns are read."""
    longest = next(field for field in model._meta.concrete_fields if field.column == column).max_length
    value = value.replace("{row}", row)
    return f"left({value}, {longest})" if longest else value


def values_for(name: str, model: type[models.Model], constraint: FieldCheck) -> dict[str, dict[str, str]]:
    """SQL by column that a derived check of this name refuses, by what it is."""
    fields = [model._meta.get_field(field) for field in constraint.fields]
    if name == name_of(model, "_".join(constraint.fields), "order"):
        return _turned(*fields)
    if name == name_of(model, fields[0].name, "together"):
        return _beforehand(model, *fields)
    if name == name_of(model, fields[0].name, "in_state"):
        return _out_of_step(model, *fields)
    known = {"listed": _unlisted, "says": _silent, "within": _out_of_range, "possible": _impossible,
             "digest": _misspelt, "plain": _unprintable, "fits": _too_large, "shaped": _misshapen}  # fmt: skip
    for kind, values in known.items():
        if name == name_of(model, fields[0].name, kind):
            return {words: {fields[0].column: value} for words, value in values(model, fields[0]).items()}
    raise AssertionError(f"No value is known that {name} refuses: add its kind.")


def _unlisted(model: type[models.Model], field: models.Field) -> dict[str, str]:
    taken = {str(value) for value, _ in field.flatchoices}
    swapped = next(word.swapcase() for word in taken if word and word.swapcase() not in taken)
    return {"an unknown word": "'zzz'", "a blank": "' '", "a choice in another case": repr(swapped)}


def _silent(model: type[models.Model], field: models.Field) -> dict[str, str]:
    return dict(NO_JSON if isinstance(field, models.JSONField) else NO_TEXT)


def _out_of_range(model: type[models.Model], field: models.Field) -> dict[str, str]:
    low, high = range_of(model, field) or (None, None)
    values = {} if isinstance(field, models.IntegerField) else {"no number": "'NaN'"}
    if isinstance(field, models.FloatField):
        values |= {"without end": "'Infinity'", "without end below": "'-Infinity'"}
    beyond = {"too little": None if low is None else low - 1, "too much": None if high is None else high + 1}
    return values | {words: str(value) for words, value in beyond.items() if value is not None}


def _misspelt(model: type[models.Model], field: models.Field) -> dict[str, str]:
    return {"in capitals": "upper(md5('a picture') || md5('another'))", "half of it": "md5('a picture')"}


def _misshapen(model: type[models.Model], field: models.Field) -> dict[str, str]:
    return {words: f"'{json.dumps(value)}'::jsonb" for words, value in wrong(shape_of(field) or "*")}


def _unprintable(model: type[models.Model], field: models.Field) -> dict[str, str]:
    """Begins with the character: what is cut to the column's length keeps it."""
    sent = {"with a control character": "chr(27) || '[2Ja1'"}
    return sent if field.max_length else sent | {"too long": f"repeat('a', {LONGEST_TEXT + 1})"}


def _too_large(model: type[models.Model], field: models.Field) -> dict[str, str]:
    if isinstance(field, ArrayField):
        return {"too many": f"array_fill('1'::{field.base_field.db_type(connection)}, ARRAY[{MOST_VALUES + 1}])"}
    largest = exceptions.OF_ANOTHER_SIZE.get(label_path(model, field), LARGEST_JSON)
    return {"too deep": f"(repeat('[', {DEEPEST}) || '1' || repeat(']', {DEEPEST}))::jsonb",
            "too large": f"jsonb_build_array(repeat('a', {largest}))",
            "a number nobody reads": "('[1' || repeat('0', 400) || ']')::jsonb"}  # fmt: skip


def _impossible(model: type[models.Model], field: models.Field) -> dict[str, str]:
    """One of the two ends; infinity lies beyond either, and no driver reads it."""
    late = isinstance(field, models.DateTimeField) and field.name != "begins"  # a range that ends first is no value
    return {"too late": "'9999-12-01'"} if late else {"too early": "'0100-01-01'"}


def _turned(first: models.Field, then: models.Field) -> dict[str, dict[str, str]]:
    """Both are written, since either may be missing in the row that is there."""
    moment = isinstance(then, models.DateTimeField)
    begun = f'coalesce({{row}}"{first.column}", {"now()" if moment else "now()::date"})'
    before = f"{begun} - interval '1 day'" if moment else f"{begun} - 1"
    return {"the wrong way round": {first.column: begun, then.column: before}}


def _beforehand(model: type[models.Model], moment: models.Field, *with_it: models.Field) -> dict[str, dict[str, str]]:
    """Each column of a step is filled in before it is taken; and it is taken by nobody, where somebody must be named."""
    empty = {field.column: "NULL" if field.null else "''" for field in (moment, *with_it)}
    found = {f"{field.name} beforehand": empty | {field.column: _something(field)} for field in with_it}
    for field in with_it:
        if is_named(model, field):
            found["by nobody"] = empty | {moment.column: "now()"}
    return found


def _out_of_step(model: type[models.Model], moment: models.Field, state: models.Field) -> dict[str, dict[str, str]]:
    """The moment of an end comes before it, and the end without its moment."""
    over = COMES_WITH[f"{model._meta.label}.{moment.name}"][1]
    begun = next(value for value, _ in state.flatchoices if value not in over)
    return {
        "the moment without its step": {state.column: repr(str(begun)), moment.column: "now()"},
        "the step without its moment": {state.column: repr(over[0]), moment.column: "NULL"},
    }


def _something(field: models.Field) -> str:
    """SQL for a value of a column that has none."""
    if isinstance(field, models.ForeignKey):
        to = field.related_model._meta
        return f'(SELECT x."{field.target_field.column}" FROM "{to.db_table}" x ORDER BY 1 LIMIT 1)'
    if isinstance(field, models.DateTimeField):
        return "now()"
    if isinstance(field, models.CharField | models.TextField):
        choices = [repr(str(value)) for value, _ in field.flatchoices if value]
        return choices[0] if choices else f"repeat('a', {min(field.max_length or 8, 64)})"
    return "array_fill(1, ARRAY[512])" if isinstance(field, HalfVectorField) else "1"


def in_the_future() -> Iterator[Attack]:
    """Each date of what has happened is put a day ahead, into a row that is there and into a new one."""
    for table, model in tables().items():
        pk = model._meta.pk.column
        for field in happened(model):
            moment = isinstance(field, models.DateTimeField)
            ahead = "now() + interval '1 day'" if moment else "(now() + interval '2 days')::date"
            said = said_ahead(table, label_of(field))
            changed = (
                f'UPDATE "{table}" SET "{field.column}" = {ahead} WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" ORDER BY 1 '
                "LIMIT 1)"
            )
            yield Attack(f"{field.name} ahead, afterwards", said, changed, shielded=True)
            yield Attack(f"{field.name} ahead, anew", said, clone(table, **{field.column: ahead}), shielded=True)


def ahead_in_json() -> Iterator[Attack]:
    """Each date inside a JSON value is one to come, or none at all, in a row that is there and in a new one."""
    said = {"ahead": """to_char(now() + interval '2 days', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""", "of no day": "'2026-02-30'::text",
            "in other words": "'yesterday'::text", "by a number": "20261129"}  # fmt: skip
    for table, model in tables().items():
        pk = model._meta.pk.column
        for field, path in happened_in_json(model):
            guard = said_ahead(table, words_of(field, path), "is no date that has been")
            for title, value in said.items():
                whole = at_path(path, f"to_jsonb({value})")
                one = f'(SELECT "{pk}" FROM "{table}" ORDER BY 1 LIMIT 1)'
                changed = f'UPDATE "{table}" SET "{field.column}" = {whole} WHERE "{pk}" = {one}'
                yield Attack(f"{field.name} {path} {title}, afterwards", guard, changed, shielded=True)
                yield Attack(
                    f"{field.name} {path} {title}, anew", guard, clone(table, **{field.column: whole}), shielded=True
                )


def at_path(path: str, value: str) -> str:
    """SQL for a JSON value that holds nothing but this, at this path."""
    for step in reversed(re.findall(r"[.]\w+|[.][*]|\[[*]\]", path)):
        name = step[1:].replace("*", "any")
        value = f"jsonb_build_array({value})" if step == "[*]" else f"jsonb_build_object('{name}', {value})"
    return value


def said_ahead(table: str, label: str, words: str = "lies in the future") -> Guard:
    """What the guard of what has happened says of this date."""
    name = guard_name(tables()[table])
    return next(one for one in sentences_of(table) if one.name == name and f"“{label}” {words}" in one.sentence)


def sentences_of(table: str) -> list[Guard]:
    """The sentences of a table's triggers."""
    return [one for one in every_guard() if one.table == table and one.sentence]


def twice() -> Iterator[Attack]:
    """A row that repeats what a unique constraint wants once."""
    for table, model in tables().items():
        for constraint in named_of(model):
            if (
                isinstance(constraint, models.UniqueConstraint)
                and constraint.fields
                and not _of_decisions(model, constraint)
            ):
                guard = Guard(table, constraint.name, kind="constraint")
                where = " AND ".join([_where(model, constraint), *_there(model, constraint)])
                yield Attack("the same row twice", guard, clone(table, where), shielded=True)


def _of_decisions(model: type[models.Model], constraint: models.UniqueConstraint) -> bool:
    """Whether it is tried with the decisions (`decisions.served_decisions`)."""
    return any(field.name in constraint.fields for field in decision_fields(model))


def _there(model: type[models.Model], constraint: models.UniqueConstraint) -> Iterator[str]:
    """What is missing is never the same."""
    for field in (model._meta.get_field(name) for name in constraint.fields):
        if field.null and constraint.nulls_distinct is not False:
            yield f'"{field.column}" IS NOT NULL'


def keys_twice() -> Iterator[Attack]:
    """Another row with a key that is taken."""
    for guard, fields in keys():
        where = " AND ".join(f'o."{field.column}" IS NOT NULL' for field in fields)
        same = {field.column: f'o."{field.column}"' for field in fields}
        if (guard.table, fields[0].column) in MENDED:
            continue
        yield Attack("the same key twice", guard, clone(guard.table, where, **same), shielded=True)


def below_zero() -> Iterator[Attack]:
    """A number that counts is less than nothing, in a row that is there and in a new one."""
    for guard, field in signs():
        changed = (
            f'UPDATE "{guard.table}" SET "{field.column}" = -1 WHERE "{field.model._meta.pk.column}" = '
            f'(SELECT "{field.model._meta.pk.column}" FROM "{guard.table}" ORDER BY 1 LIMIT 1)'
        )
        if (guard.table, field.column) not in MENDED:
            yield Attack("below zero, afterwards", guard, changed, shielded=True)
        yield Attack("below zero, anew", guard, clone(guard.table, **{field.column: "-1"}), shielded=True)


def kept_rows() -> Iterator[Attack]:
    """A record is deleted, a ledger's row is changed or deleted: both are withheld, and refused again once granted."""
    for table, model in tables().items():
        pk = model._meta.pk.column
        where = f'WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" ORDER BY "{pk}" DESC LIMIT 1)'
        for trigger in getattr(model._meta, "triggers", None) or []:
            if not isinstance(trigger, Protect):
                continue
            if "DELETE" in str(trigger.operation):
                yield Attack(
                    "a row is deleted", _guard(table, trigger), f'DELETE FROM "{table}" {where}', shielded=True
                )
            if "UPDATE" in str(trigger.operation):
                column = next(f for f in model._meta.concrete_fields if not f.primary_key and not f.remote_field)
                statement = f'UPDATE "{table}" t SET "{column.column}" = {other(column)} {where}'
                yield Attack("a row is changed", _guard(table, trigger), statement, shielded=True)


def old_snapshots() -> Iterator[Attack]:
    """A guard that reads rows is asked inside a transaction that still sees what was there before."""
    for table, model in tables().items():
        pk = model._meta.pk.column
        column = next((f.column for f in model._meta.concrete_fields if not f.primary_key), pk)
        touch = f'UPDATE "{table}" SET "{column}" = "{column}" WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" LIMIT 1)'
        for trigger in getattr(model._meta, "triggers", None) or []:
            if NEWEST_STATE.strip() not in body(trigger):
                continue
            guard = Guard(table, trigger.name, NEWEST)
            statement = clone(table) if "INSERT" in str(trigger.operation) else touch
            if "DELETE" in str(trigger.operation):
                statement = f'DELETE FROM "{table}" WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" LIMIT 1)'
            yield Attack("an old snapshot", guard, statement, shielded=True, isolation=IsolationLevel.REPEATABLE_READ)


def without_anchor() -> Iterator[Attack]:
    """A row that belongs to nothing: the guard that locks what it belongs to finds nothing to lock."""
    for table, model in tables().items():
        fields = {field.column: field for field in model._meta.concrete_fields}
        for trigger in getattr(model._meta, "triggers", None) or []:
            if trigger.name != "aa_anchor" or "INSERT" not in str(trigger.operation):
                continue
            column = next(name for name in re.findall(r"NEW\.(\w+)", body(trigger)) if name in fields)
            nothing = "gen_random_uuid()" if isinstance(fields[column].target_field, models.UUIDField) else "-1"
            said = next(one for one in sentences_of(table) if one.name == "aa_anchor" and "not there" in one.sentence)
            yield Attack("to nothing", said, clone(table, **{column: nothing}), shielded=True)


def _where(model: type[models.Model], constraint: models.UniqueConstraint) -> str:
    """SQL for the rows that a partial unique constraint speaks of."""
    if constraint.condition is None:
        return "true"
    query = Query(model=model, alias_cols=False)
    where = query.build_where(constraint.condition)
    compiler = query.get_compiler(using="default")
    text, parameters = compiler.compile(where)
    return text % tuple(sql.Literal(value).as_string(None) for value in parameters)
