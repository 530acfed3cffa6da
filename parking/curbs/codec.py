"""Curb policies to and from plain JSON, field by field, nothing lost: how rows keep them."""

import json
import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from parking.curbs.types import CurbPolicy


def to_json(value: Any) -> Any:
    """A dataclass of `types` as dictionaries, lists, texts and numbers; what has its default value is left out."""
    if is_dataclass(value):
        kept = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: to_json(part) for field, part in kept if part != field.default}
    if isinstance(value, frozenset):
        return sorted(to_json(part) for part in value)
    if isinstance(value, tuple | list):
        return [to_json(part) for part in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def fingerprint(*parts: Any) -> str:
    """A text that is the same for the same content, today and after `types` has grown a field: ids are made from it."""
    return json.dumps([to_json(part) for part in parts], sort_keys=True)


def policy_from_json(content: dict[str, Any]) -> CurbPolicy:
    """The policy again. Raises KeyError, TypeError or ValueError for what `to_json` did not write."""
    return _read(CurbPolicy, content)


def _read(kind: Any, value: Any) -> Any:
    if value is None or kind is Any:
        return value
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _read(next(part for part in inside if part is not type(None)), value)
    if origin is frozenset:
        return frozenset(_read(inside[0], part) for part in value)
    if origin is tuple:
        if len(inside) == 2 and inside[1] is Ellipsis:
            return tuple(_read(inside[0], part) for part in value)
        return tuple(_read(each, part) for each, part in zip(inside, value, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], part) for name, part in value.items()})
    if kind is date and len(value) > len("2026-01-31"):
        return datetime.fromisoformat(value)  # a span may begin at a moment
    if kind in (date, time):
        return kind.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
