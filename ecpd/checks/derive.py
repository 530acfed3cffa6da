"""Which CHECKs follow from a model's fields, and adding them when its class is made."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from math import isfinite

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import In, LessThanOrEqual
from django.db.models.signals import class_prepared

from ecpd.audit.pinned import add_guards
from ecpd.checks import ahead, behind, decided, exceptions, plain, single, stamped, together
from ecpd.checks.constraint import FieldCheck
from ecpd.checks.letters import json_says_something, says_something
from ecpd.checks.names import name_of
from ecpd.checks.order import pairs_of
from ecpd.checks.ranges import FIRST_DAY, LAST_DAY, Range, range_of
from ecpd.checks.shape import LETTERS, JsonKind, Shape, Shaped, shaped
from ecpd.checks.sql import CharLength, CountsTooFar, IsFinite, JsonSaysSomething, NestsDeeply, says

DIGEST = re.compile("[0-9a-f]{64}")
OURS = ("ecpd", "cases", "leads", "parking")


def listen() -> None:
    """Derive checks for every model of ours from now on; called before the first model is made."""
    class_prepared.connect(_add, dispatch_uid="ecpd.checks.derive")


def is_ours(model: type[models.Model]) -> bool:
    """A table that we describe: no historical model of a migration, no proxy, no third party's."""
    return model.__module__.partition(".")[0] in OURS and model._meta.managed and not model._meta.proxy


def derived_from(model: type[models.Model]) -> Iterator[FieldCheck]:
    """The checks of a model, in the order of its fields."""
    for field in model._meta.local_fields:
        if field.choices and not is_listed_by_hand(model, field):
            yield _listed(model, field)
        elif is_required_text(model, field):
            yield _says(model, field)
        elif is_required_json(model, field):
            yield _json_says(model, field)
        elif (ends := range_of(model, field)) is not None:
            yield _within(model, field, ends)
        elif isinstance(field, models.DateField):
            yield _possible(model, field)
    yield from (_digest(model, field) for field in model._meta.local_fields if is_digest(model, field))
    for first, then in pairs_of(model):
        yield _in_order(model, first, then)
    yield from together.checks_of(model)
    yield from (_plain(model, field) for field in model._meta.local_fields if is_free_text(model, field))
    yield from (_fits(model, field) for field in model._meta.local_fields if is_measured(model, field))
    yield from (_shaped(model, field, shape) for field in model._meta.local_fields if (shape := shape_of(field)))


def is_required_text(model: type[models.Model], field: models.Field) -> bool:
    """Text that a form would ask for, but for what stands in `exceptions` or is held by a rule's own constraint."""
    text = isinstance(field, models.CharField | models.TextField) and not field.choices
    if not text or field.blank or label_path(model, field) in exceptions.MAY_BE_EMPTY:
        return False
    return not any(getattr(one, "condition", None) == says(field.name) for one in model._meta.constraints)


def is_required_json(model: type[models.Model], field: models.Field) -> bool:
    """A JSON value that is always written: no default, never missing; but for what stands in `exceptions`."""
    required = isinstance(field, models.JSONField) and not (field.null or field.blank or field.has_default())
    return required and label_path(model, field) not in exceptions.MAY_HOLD_NOTHING


def is_digest(model: type[models.Model], field: models.Field) -> bool:
    """Whether it names what it is of by a SHA-256; the chain's own tables are written by the database."""
    named = field.name.endswith("sha256") or field.name == "digest"
    return named and isinstance(field, models.CharField) and field.max_length == 64 and model._meta.app_label != "audit"


def is_free_text(model: type[models.Model], field: models.Field) -> bool:
    """Text that no list and no digest holds; in a table that machines write, only what has no longest form of its own."""
    if not isinstance(field, models.CharField | models.TextField) or field.choices or is_digest(model, field):
        return False
    held = isinstance(field, models.CharField) and model._meta.label in exceptions.WRITTEN_BY_MACHINES
    return not held and label_path(model, field) not in exceptions.MAY_BE_LONG | exceptions.MADE_BY_A_GUARD


def is_measured(model: type[models.Model], field: models.Field) -> bool:
    """A JSON value, or a list, of which nothing else says how large it may be."""
    holds_parts = isinstance(field, models.JSONField | ArrayField)
    return holds_parts and label_path(model, field) not in exceptions.MAY_BE_LARGE


def shape_of(field: models.Field) -> Shape | None:
    """What a JSON value is made of; None for another field, and where anything is allowed."""
    shape = getattr(field, "shape", None)
    return None if shape == "*" else shape


def _add(sender: type[models.Model], **kwargs) -> None:
    """The migrations read `original_attrs`, everything else the lists themselves."""
    if not is_ours(sender):
        return
    if made := [*derived_from(sender), *decided.constraints_of(sender)]:
        sender._meta.constraints = [*sender._meta.constraints, *made]
        sender._meta.original_attrs["constraints"] = sender._meta.constraints
    makers = (ahead.guard_of, stamped.guard_of, decided.guard_of, decided.demand_of, behind.guard_of, single.guard_of)
    if guards := [guard for make in makers if (guard := make(sender))]:
        add_guards(sender, *guards)


def _listed(model: type[models.Model], field: models.Field) -> FieldCheck:
    """The value is one of the choices, letter by letter; empty where the field may be empty."""
    values = [value for value, _ in field.flatchoices]
    if field.blank and field.empty_strings_allowed and "" not in values:
        values.append("")
    return FieldCheck.of(
        name_of(model, field.name, "listed"),
        Q(**{f"{field.name}__in": values}),
        fields=(field.name,),
        holds=lambda value: value in values,
        sentence=f"“{label_of(field)}”: choose one of the answers that are offered.",
    )


def _says(model: type[models.Model], field: models.Field) -> FieldCheck:
    """The text has a letter or digit; in a table that fills by the second, one of ASCII, which is what machines write."""
    hot = model._meta.label in exceptions.WRITTEN_BY_MACHINES
    return FieldCheck.of(
        name_of(model, field.name, "says"),
        Q(**{f"{field.name}__regex": "[0-9A-Za-z]"}) if hot else says(field.name),
        fields=(field.name,),
        holds=lambda value: says_something(str(value)),
        sentence=f"“{label_of(field)}” says nothing: write it with letters or digits.",
    )


def _json_says(model: type[models.Model], field: models.Field) -> FieldCheck:
    """The JSON value holds something: neither nothing, nor an empty list, nor blanks."""
    return FieldCheck.of(
        name_of(model, field.name, "says"),
        Q(JsonSaysSomething(field.name)),
        fields=(field.name,),
        holds=json_says_something,
        sentence=f"“{label_of(field)}” says nothing.",
    )


def _digest(model: type[models.Model], field: models.Field) -> FieldCheck:
    """A SHA-256 as this system writes it: another spelling of the same one would be found by nobody who compares."""
    empty = field.blank

    def holds(value: str) -> bool:
        return DIGEST.fullmatch(value) is not None or (empty and value == "")

    return FieldCheck.of(
        name_of(model, field.name, "digest"),
        Q(**{f"{field.name}__regex": f"^({DIGEST.pattern}{'|' if empty else ''})$"}),
        fields=(field.name,),
        holds=holds,
        sentence=f"“{label_of(field)}” is a SHA-256: 64 characters, 0 to 9 and a to f, in lower case.",
    )


def _plain(model: type[models.Model], field: models.Field) -> FieldCheck:
    """The text is one that can be printed, and no longer than a text is; a column with a length of its own keeps that."""
    longest = plain.LONGEST_TEXT if field.max_length is None else None
    printed = ~Q(**{f"{field.name}__regex": plain.CONTROL})
    short = Q() if longest is None else Q(LessThanOrEqual(CharLength(field.name), longest))
    at_most = "" if longest is None else f"at most {longest:,} characters, and "
    return FieldCheck.of(
        name_of(model, field.name, "plain"),
        short & printed,
        fields=(field.name,),
        holds=lambda value: plain.is_plain(str(value), longest),
        sentence=f"“{label_of(field)}”: {at_most}no control characters but tabs and line ends.",
    )


def _fits(model: type[models.Model], field: models.Field) -> FieldCheck:
    """A list has at most so many values; a JSON value is neither deeper nor larger than pages and exports read."""
    name, says = name_of(model, field.name, "fits"), f"“{label_of(field)}” is too large."
    if isinstance(field, ArrayField):
        few = Q(**{f"{field.name}__len__lte": plain.MOST_VALUES})
        return FieldCheck.of(
            name, few, fields=(field.name,), holds=lambda all: len(all) <= plain.MOST_VALUES, sentence=says
        )
    largest = exceptions.OF_ANOTHER_SIZE.get(label_path(model, field), plain.LARGEST_JSON)
    small = LessThanOrEqual(CharLength(Cast(field.name, TextField())), largest)
    return FieldCheck.of(
        name,
        ~Q(NestsDeeply(field.name)) & ~Q(CountsTooFar(field.name)) & Q(small),
        fields=(field.name,),
        holds=lambda value: plain.fits(value, largest),
        sentence=f"“{label_of(field)}” is too large, a number in it is, or its parts lie more than {plain.DEEPEST} deep.",
    )


def _shaped(model: type[models.Model], field: models.Field, shape: Shape) -> FieldCheck:
    """The JSON value is made of what its readers expect. A word asks for its kind alone, which costs nothing."""
    plain_word = isinstance(shape, str) and not set(shape) & set("cdemt")
    kinds = [kind for kind, letter in LETTERS.items() if letter in shape]
    asked = In(JsonKind(field.name), kinds) if plain_word else Shaped.of(field.name, shape)
    return FieldCheck.of(
        name_of(model, field.name, "shaped"),
        Q(**{f"{field.name}__isnull": True}) | Q(asked) if field.null and not plain_word else Q(asked),
        fields=(field.name,),
        holds=lambda value: shaped(value, shape),
        sentence=f"“{label_of(field)}” is not made of what is read there.",
    )


def _within(model: type[models.Model], field: models.Field, ends: Range) -> FieldCheck:
    """The value is a number, between its ends where it has any."""
    low, high = ends
    above = {} if low is None else {f"{field.name}__gte": low}
    below = {} if high is None else {f"{field.name}__lte": high}
    is_one = [] if isinstance(field, models.IntegerField) or (above and below) else [IsFinite(field.name)]
    condition = Q(*is_one, **above, **below)

    def holds(value: float) -> bool:
        return isfinite(value) and (low is None or value >= low) and (high is None or value <= high)

    return FieldCheck.of(
        name_of(model, field.name, "within"),
        condition,
        fields=(field.name,),
        holds=holds,
        sentence=f"“{label_of(field)}”: enter a number{_ends_in_words(ends)}.",
    )


def _possible(model: type[models.Model], field: models.Field) -> FieldCheck:
    """The date or moment is one of the calendar's, of a time that records are of; infinity is none."""
    first, last = (_as_value(field, end) for end in (FIRST_DAY, LAST_DAY))
    return FieldCheck.of(
        name_of(model, field.name, "possible"),
        Q(**{f"{field.name}__gte": first, f"{field.name}__lte": last}),
        fields=(field.name,),
        holds=lambda value: first <= value <= last,
        sentence=f"“{label_of(field)}”: enter a date from {FIRST_DAY.year} to {LAST_DAY.year}.",
    )


def _as_value(field: models.Field, day: date) -> date:
    """A day as the field holds it: of a moment, its beginning in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if isinstance(field, models.DateTimeField) else day


def _in_order(model: type[models.Model], first: models.Field, then: models.Field) -> FieldCheck:
    """What follows does not come before what it follows; either may be missing."""
    return FieldCheck.of(
        name_of(model, f"{first.name}_{then.name}", "order"),
        Q(**{f"{then.name}__gte": F(first.name)}),
        fields=(first.name, then.name),
        holds=lambda before, after: before <= after,
        sentence=f"“{label_of(then)}” cannot come before “{label_of(first)}”.",
    )


def _ends_in_words(ends: Range) -> str:
    match ends:
        case (None, None):
            return ""
        case (low, None):
            return f" of {low} or more"
        case (low, high):
            return f" from {low} to {high}"


def is_listed_by_hand(model: type[models.Model], field: models.Field) -> bool:
    """Whether a rule's own constraint already lists values for it, perhaps fewer than are offered."""
    return any(_lists(constraint, field) for constraint in model._meta.constraints)


def _lists(constraint: models.BaseConstraint, field: models.Field) -> bool:
    if not isinstance(constraint, models.CheckConstraint) or isinstance(constraint, FieldCheck):
        return False
    children = getattr(constraint.condition, "children", [])
    return len(children) == 1 and isinstance(children[0], tuple) and children[0][0] == f"{field.name}__in"


def label_path(model: type[models.Model], field: models.Field) -> str:
    """How tables of fields name it: "leads.Corroboration.ties_by"."""
    return f"{model._meta.label}.{field.name}"


def label_of(field: models.Field) -> str:
    """A field's name as a page prints it."""
    words = str(field.verbose_name)
    return words[:1].upper() + words[1:]
