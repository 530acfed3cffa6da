"""Which CHECKs follow from a model's fields, and adding them when its class is made."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.db.models.signals import class_prepared

from ecpd.checks.constraint import FieldCheck
from ecpd.checks.names import name_of

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


def _add(sender: type[models.Model], **kwargs) -> None:
    """The migrations read `original_attrs`, everything else the list itself."""
    if is_ours(sender) and (made := list(derived_from(sender))):
        sender._meta.constraints = [*sender._meta.constraints, *made]
        sender._meta.original_attrs["constraints"] = sender._meta.constraints


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


def is_listed_by_hand(model: type[models.Model], field: models.Field) -> bool:
    """Whether a rule's own constraint already lists values for it, perhaps fewer than are offered."""
    return any(_lists(constraint, field) for constraint in model._meta.constraints)


def _lists(constraint: models.BaseConstraint, field: models.Field) -> bool:
    if not isinstance(constraint, models.CheckConstraint) or isinstance(constraint, FieldCheck):
        return False
    children = getattr(constraint.condition, "children", [])
    return len(children) == 1 and isinstance(children[0], tuple) and children[0][0] == f"{field.name}__in"


def label_of(field: models.Field) -> str:
    """A field's name as a page prints it."""
    words = str(field.verbose_name)
    return words[:1].upper() + words[1:]
