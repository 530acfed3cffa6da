"""The manual in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

from ecpd.policy.manual import PARAMETERS
from ecpd.policy.models import ManualVersion

_read: ContextVar[dict[str, ManualVersion] | None] = ContextVar("ecpd_manual_read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within the block every question is answered from the version that is in force at the first one."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def in_force() -> ManualVersion:
    """The version in force now. Raises ManualVersion.DoesNotExist before the first migration."""
    kept = _read.get()
    if kept is None:
        return _newest_in_force()
    if "version" not in kept:
        kept["version"] = _newest_in_force()
    return kept["version"]


def _newest_in_force() -> ManualVersion:
    version = ManualVersion.objects.filter(effective_from__lte=timezone.now()).first()
    if version is None:
        raise ManualVersion.DoesNotExist("No version of the manual is in force; run manage.py migrate.")
    return version


def seed() -> None:
    """Put version 1.0 in force where there is none; add parameters that a new release brings (idempotent)."""
    defaults = {parameter.name: parameter.default for parameter in PARAMETERS.values()}
    newest = ManualVersion.objects.first()
    if newest is None:
        ManualVersion.objects.create(number="1.0", effective_from=timezone.now(), parameters=defaults)
    elif missing := {name: value for name, value in defaults.items() if name not in newest.parameters}:
        ManualVersion.objects.create(
            number=next_number(newest.number),
            effective_from=max(timezone.now(), newest.effective_from),
            parameters=newest.parameters | missing,
        )


def next_number(number: str) -> str:
    """The number after this one: 1.3 after 1.2."""
    major, minor = number.split(".")
    return f"{major}.{int(minor) + 1}"
