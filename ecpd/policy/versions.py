"""The manual in force."""

from django.utils import timezone

from ecpd.policy.manual import PARAMETERS
from ecpd.policy.models import ManualVersion


def in_force() -> ManualVersion:
    """The version in force now. Raises ManualVersion.DoesNotExist before the first migration."""
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
