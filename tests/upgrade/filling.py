"""Fills every table of a version's models, without knowing them: by the kinds of their fields and by what they choose.

Each table gets one sound row, then one row for each way in which a value could be wrong that the version let in.
"""

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps as apps_now
from django.apps.registry import Apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from pgvector.django import HalfVectorField

from ecpd.checks.derive import shape_of
from ecpd.checks.together import steps_of
from tests.upgrade.landed import LANDED

THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2099, 1, 1, tzinfo=UTC)
Made = dict[str, models.Model]  # the sound row of each model
BLANK, UNKNOWN = "\t\n", "zzz"
_number = itertools.count(1)


@dataclass
class Filled:
    """What was put in: rows by table, and the rows that a newer rule would not take."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)  # table, key, column, how
    story: Any = None  # tests.upgrade.story.Story
    doctor: dict[str, Any] = field(default_factory=dict)  # what doctor finds after the upgrade, by its check


# What a version's own CHECKs ask for beyond the kind of a field: model -> values by field.
OWN = object()  # a row of its own to point to
ASKED: dict[str, dict[str, Any]] = {
    "accounts.TrainingCertificate": {
        "covers_limits": True, "covers_group_errors": True, "covers_lineups": True, "expires_on": date(2026, 12, 31),
    },
    "cases.PersonMerge": {"keep": OWN, "duplicate": OWN},
    "parking.Citation": {"read_at_vehicle": True},
    "parking.GuestCode": {"expires_at": LATER},
    "parking.PermitDecision": {"by": OWN},
    "parking.PermitLink": {"expires_at": LATER},
    "parking.TowOrder": {"grounds": ["stored_72h"]},
}  # fmt: skip


def fill(apps: Apps, made: Made) -> Filled:
    """Sound rows in every table of ours, then wrong ones. The triggers are asleep, the CHECKs of then are not."""
    filled = Filled()
    for model in _in_order(apps):
        made[model._meta.label] = _make(model, made)
    for model in _in_order(apps):
        for name, how, value in _wrong_values(model):
            _try(model, made, filled, name, how, value)
        filled.counts[model._meta.db_table] = model._base_manager.count()
    return filled


def _try(model: type[models.Model], made: dict, filled: Filled, name: str, how: str, value: Any) -> None:
    try:
        with transaction.atomic():
            row = _make(model, made, **{name: value})
    except IntegrityError:
        return  # the version refused it already
    filled.wrong.append((model._meta.db_table, str(row.pk), model._meta.get_field(name).column, how))


def _wrong_values(model: type[models.Model]) -> Iterator[tuple[str, str, Any]]:
    for one in model._meta.local_fields:
        if one.primary_key or one.is_relation:
            continue
        if one.choices and isinstance(one, models.CharField):
            yield one.name, "unknown choice", UNKNOWN[: one.max_length or 3]
        elif isinstance(one, models.CharField | models.TextField) and not one.blank:
            yield one.name, "blank text", BLANK[: getattr(one, "max_length", None) or 2]
        elif isinstance(one, models.FloatField):
            yield one.name, "not a number", float("nan")


def _in_order(apps: Apps) -> list[type[models.Model]]:
    """Our models, those that others point to first."""
    left = [model for model in apps.get_models() if model._meta.app_label in LANDED]
    done: list[type[models.Model]] = []
    while left:
        ready = [
            model for model in left if not (_needs(model) & {other._meta.label for other in left} - {model._meta.label})
        ]
        assert ready, f"In a circle: {left}"
        done += ready
        left = [model for model in left if model not in ready]
    return done


def _needs(model: type[models.Model]) -> set[str]:
    return {one.related_model._meta.label for one in model._meta.local_fields if one.is_relation and not one.null}


# The reason of a step that no row has taken.
OF_A_STEP = {
    f"{model._meta.label}.{field.name}"
    for model in apps_now.get_models()
    for _, with_it in steps_of(model)
    for field in with_it
    if not field.null
}


# What JSON is made of; it was so before anything held it.
SHAPES = {
    f"{model._meta.label}.{field.name}": shape
    for model in apps_now.get_models()
    for field in model._meta.local_fields
    if (shape := shape_of(field))
}
SOUND = {
    "s": "Words", "n": 1, "b": True, "a": [], "o": {"n": 1}, "*": {"n": 1}, "d": "2026-03-02", "t": "09:00", "c": "A", "e": "",
    "m": "2026-03-02T09:00:00+00:00", "0": None,
}  # fmt: skip


def of_shape(shape: Any) -> Any:
    """A value of this shape (`ecpd.checks.shape`), with no more than it must have."""
    if isinstance(shape, str):
        return SOUND[shape[0]]
    if "each" in shape:
        return [of_shape(shape["each"])] * max(1, shape.get("least", 0))
    if "of" in shape:
        return [of_shape(one) for one in shape["of"]]
    if "one" in shape:
        return shape["one"][0]
    if {"type", "coordinates"} <= shape.get("keys", {}).keys():
        return {"type": "Point", "coordinates": [-122.31, 37.92]}  # GeoJSON that can be drawn
    if "all" in shape:
        return {"x": of_shape(shape["all"])}
    said = {key: of_shape(one) for key, one in shape.get("keys", {}).items() if not key.endswith("?")}
    return said if said or "only" in shape else {"n": 1}


def _make(model: type[models.Model], made: dict[str, models.Model], **values: Any) -> models.Model:
    wanted = ASKED.get(model._meta.label, {}) | values
    row = model()
    for one in model._meta.local_fields:
        if wanted.get(one.name) is OWN:
            setattr(row, one.attname, _make(one.related_model, made).pk)
        elif one.name in wanted:
            setattr(row, one.name, wanted[one.name])
        elif f"{model._meta.label}.{one.name}" in OF_A_STEP:
            setattr(row, one.name, "")
        elif one.is_relation:
            if not one.null:
                setattr(row, one.attname, _related(one, model, made))
        elif (shape := SHAPES.get(f"{model._meta.label}.{one.name}")) and not one.null:
            setattr(row, one.name, of_shape(shape))
        elif not one.null and not isinstance(one, models.AutoField):
            setattr(row, one.name, _value(one))
    row.save(force_insert=True)
    return row


def _related(one: models.Field, model: type[models.Model], made: dict[str, models.Model]) -> Any:
    """The sound row, or one of its own where only one row may point to each."""
    label = one.related_model._meta.label
    if one.unique or _in_a_unique(one, model):
        return _make(one.related_model, made).pk
    return made[label].pk


def _in_a_unique(one: models.Field, model: type[models.Model]) -> bool:
    return any(one.name in constraint.fields for constraint in model._meta.constraints
               if isinstance(constraint, models.UniqueConstraint))  # fmt: skip


def _is_digest(one: models.Field) -> bool:
    """A SHA-256 is written in hexadecimal, then as now."""
    return one.max_length == 64 and (one.name.endswith("sha256") or one.name == "digest")


KINDS: list[tuple[type[models.Field], Callable[[Any, int], Any]]] = [
    (models.BooleanField, lambda one, n: False),
    (models.UUIDField, lambda one, n: uuid.uuid4()),
    (models.EmailField, lambda one, n: f"person{n}@example.org"),
    (models.GenericIPAddressField, lambda one, n: "192.0.2.1"),
    (
        models.CharField,
        lambda one, n: (
            f"{n:064x}"
            if _is_digest(one)
            else "US-CA"
            if one.name == "plate_state"
            else f"/X{n}"
            if one.name == "url"
            else f"X{n}"[-one.max_length :]
        ),
    ),
    (models.TextField, lambda one, n: f"Words {n}."),
    (models.DateTimeField, lambda one, n: THEN + timedelta(seconds=n)),
    (models.DateField, lambda one, n: THEN.date() + timedelta(days=n if one.unique else 0)),
    (models.DurationField, lambda one, n: timedelta(minutes=n)),
    (models.DecimalField, lambda one, n: 1),
    (models.FloatField, lambda one, n: 0.5),
    (models.SmallIntegerField, lambda one, n: n % 30_000),
    (models.IntegerField, lambda one, n: n),
    (models.JSONField, lambda one, n: {"n": n}),
    (ArrayField, lambda one, n: [_value(one.base_field)]),
    (HalfVectorField, lambda one, n: [0.1] * one.dimensions),
    (models.BinaryField, lambda one, n: b"x"),
]


def _value(one: models.Field) -> Any:
    """Something sound of a field's kind, another one each time."""
    if one.has_default() and not one.unique:
        return one.get_default()
    if one.choices:
        return one.flatchoices[0][0]
    number = next(_number)
    return next(make for kind, make in KINDS if isinstance(one, kind))(one, number)
