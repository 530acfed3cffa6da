"""The manual in force."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from ecpd.policy.manual import PARAMETERS, RULES
from ecpd.policy.manual.loosening import LOOSENS
from ecpd.policy.models import Amendment, ManualVersion, ReleaseDefault

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


def settings_of(version: ManualVersion) -> dict[str, Any]:
    """Every setting under a version: its own values, and this release's defaults for those that it does not name yet."""
    if all(name in version.parameters for name in PARAMETERS):
        return version.parameters
    return dict(ReleaseDefault.objects.values_list("name", "value")) | version.parameters


def settings_in_force() -> dict[str, Any]:
    """Every setting as it is now."""
    return settings_of(in_force())


def not_yet_approved(version: ManualVersion) -> list[str]:
    """Settings that came with this release and that no version names: the release's defaults count meanwhile (AU-04)."""
    return [name for name in PARAMETERS if name not in version.parameters]


def at(moment: datetime) -> dict[str, Any]:
    """The manual at a moment, as the database works it out from every amendment approved so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.ecpd_manual_at(%s)", [moment])
        worked_out = json.loads(cursor.fetchone()[0])
    return dict(ReleaseDefault.objects.values_list("name", "value")) | worked_out


def seed() -> None:
    """After a migration, as the owner: this release's defaults, version 1.0 where there is none, and an amendment that
    puts settings which are new with this release before the chief (idempotent).
    """
    if not _is_owner():
        return
    _write_defaults()
    if not ManualVersion.objects.exists():
        defaults = {parameter.name: parameter.default for parameter in PARAMETERS.values()}
        ManualVersion.objects.create(serial=0, number="1.0", effective_from=timezone.now(), parameters=defaults)
    _propose_what_is_new()


def _is_owner() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(to_regclass('public.policy_releasedefault'), 'INSERT')")
        return bool(cursor.fetchone()[0])  # NULL while a migration has not made the table yet


def _write_defaults() -> None:
    ReleaseDefault.objects.exclude(name__in=PARAMETERS).delete()
    rows = [
        ReleaseDefault(
            name=parameter.name, value=parameter.default, rule_id=parameter.rule_id, bounds=parameter.check.as_json(),
            loosens=LOOSENS[parameter.name], announced=RULES[parameter.rule_id].announced,
        )
        for parameter in PARAMETERS.values()
    ]  # fmt: skip
    ReleaseDefault.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"],
        update_fields=["value", "rule_id", "bounds", "loosens", "announced"],
    )  # fmt: skip


def _propose_what_is_new() -> None:
    """One amendment without a proposer for what no version names and no release amendment holds already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.ecpd_manual_at('infinity')")
        named = set(json.loads(cursor.fetchone()[0]))
    for proposed in Amendment.objects.filter(proposed_by=None).exclude(state=Amendment.State.WITHDRAWN):
        named |= set(proposed.changes)
    new = {parameter.name: parameter.default for parameter in PARAMETERS.values() if parameter.name not in named}
    if new:
        Amendment.objects.create(
            changes=new, effective_on=timezone.localdate(),
            reason="Settings that are new with this release of the software. Its defaults count until you decide.",
        )  # fmt: skip


def next_serial() -> int:
    """The number after the newest version's; inside the door of an approval."""
    return (ManualVersion.objects.aggregate(top=Max("serial"))["top"] or 0) + 1
