"""Which rows belong to a case, found along the foreign keys: for an export that shows one case and no other.

The audit app knows no case; the app that has them registers its model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from ecpd.audit.sealed import sealed_models

NUMBER = "case_number"  # the column by which a row without a foreign key says its case


@dataclass(frozen=True)
class Matter:
    """A case's model, the models of files that a case's rows refer to, and those that name it by type and key."""

    model: type[Model]
    files: tuple[type[Model], ...] = ()
    by_key: tuple[type[Model], ...] = ()


_registered: list[Matter] = []


def register(model: type[Model], *, files: tuple[type[Model], ...] = (), by_key: tuple[type[Model], ...] = ()) -> None:
    """Name the model whose rows are cases; it has a `case_number`. `by_key`: models with a `content_type` and `object_pk`."""
    _registered[:] = [Matter(model, files, by_key)]


def paths() -> dict[type[Model], str]:
    """Each sealed model whose rows belong to one case, with the lookup that leads to the case's number."""
    if not _registered:
        return {}
    found: dict[type[Model], str] = {_registered[0].model: NUMBER}
    found |= {model: NUMBER for model in sealed_models() if _has_number(model)}
    left = [model for model in sealed_models() if model not in found]
    while near := {model: way for model in left if (way := _way(model, found))}:
        found |= near
        left = [model for model in left if model not in near]
    return found


def _has_number(model: type[Model]) -> bool:
    return any(field.name == NUMBER for field in model._meta.concrete_fields)


def _way(model: type[Model], found: dict[type[Model], str]) -> str:
    """Along a key to a model whose way is known: the shortest, one that is never empty before one that may be."""
    target = _registered[0].model
    keys = [
        (field.null, found[field.related_model].count("__"), f"{field.name}__{found[field.related_model]}")
        for field in model._meta.concrete_fields
        if field.related_model in found and (field.related_model is target or not _has_number(field.related_model))
    ]
    return min(keys)[2] if keys else ""


def rows_of(number: str) -> dict[str, set[str]]:
    """The keys of a case's rows as text, by table."""
    found = {model: _keys(model, Q(**{way: number})) for model, way in paths().items()}
    for keyed in _registered[0].by_key if _registered else ():
        found[keyed] = _keys(keyed, _named_by_key(found[_registered[0].model]))
    for files in _registered[0].files if _registered else ():
        found[files] = {key for model, keys in list(found.items()) for key in _files(model, keys, files)}
    return {model._meta.db_table: keys for model, keys in found.items() if keys}


def _keys(model: type[Model], chosen: Q) -> set[str]:
    return {str(key) for key in model._base_manager.filter(chosen).values_list("pk", flat=True)}


def _named_by_key(cases: set[str]) -> Q:
    of_type = {"content_type__app_label": _registered[0].model._meta.app_label,
               "content_type__model": _registered[0].model._meta.model_name}  # fmt: skip
    return Q(object_pk__in=cases, **of_type)


def _files(model: type[Model], keys: set[str], files: type[Model]) -> Iterator[Any]:
    for field in model._meta.concrete_fields:
        if field.related_model is files and keys:
            named = model._base_manager.filter(pk__in=keys, **{f"{field.name}__isnull": False})
            yield from (str(key) for key in named.values_list(field.attname, flat=True))


def case_exists(number: str) -> bool:
    """Whether there is a case of this number."""
    return bool(_registered) and _registered[0].model._base_manager.filter(**{NUMBER: number}).exists()
