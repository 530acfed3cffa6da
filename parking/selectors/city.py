"""The city's curbs as the engine reads them: built from the rows, kept until a row changes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from ecpd.policy import versions
from parking.curbs.types import CurbPolicy as Policy
from parking.models import Zone, ZonePolicy
from parking.overtime.parameters import Parameters
from parking.overtime.position import CurbIndex
from parking.overtime.zone_rules import ZoneRules
from parking.selectors.curb_rows import drawable, policy_of, zone_of

RECENTLY = timedelta(days=2)  # reads of an offline reader come late


@dataclass(frozen=True)
class City:
    """Everything the engine needs that does not come with a read. `rules` only of zones that are enforced."""

    key: tuple
    index: CurbIndex
    rules: dict[str, ZoneRules]
    parameters: Parameters


_kept: City | None = None

# One question, for it is asked at every read and every look: it changes with every change of the rows.
STATE_OF_THE_ROWS = """
SELECT zones.*, links.*
FROM (SELECT max(updated_at), count(*), count(ends_at) FROM parking_zone) zones,
     (SELECT max(id), count(ends_at) FROM parking_zonepolicy) links
"""


def city() -> City:
    """The curbs and the manual in force; one query when nothing changed, and one for the manual."""
    global _kept
    key = _key()
    if _kept is None or _kept.key != key:
        _kept = _build(key)
    return _kept


def _key() -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(STATE_OF_THE_ROWS)
        return (*cursor.fetchone(), versions.in_force().pk)


def _build(key: tuple) -> City:
    now = timezone.now()
    links = ZonePolicy.objects.filter(ends_at__isnull=True).select_related("policy")
    rows: QuerySet[Any] = Zone.objects.exclude(ends_at__lt=now - RECENTLY).prefetch_related(
        Prefetch("policy_links", queryset=links, to_attr="links"), "areas"
    )
    zones = {str(row.pk): (row, zone_of(row, [link.policy for link in row.links])) for row in drawable(rows)[0]}
    parameters = parameters_in_force()
    index = CurbIndex([zone for _, zone in zones.values()], parameters=parameters)
    policies: dict[str, Policy] = {}
    rules = {}
    for zone_id, (row, _) in zones.items():
        if row.enforced:
            held = [policies.setdefault(str(link.policy_id), policy_of(link.policy)) for link in row.links]
            rules[zone_id] = ZoneRules(index.places[zone_id], tuple(held))
    return City(key, index, rules, parameters)


def parameters_in_force() -> Parameters:
    """The engine's numbers, those of the manual where it names them."""
    manual = versions.settings_in_force()
    return Parameters(
        grace_minutes=manual["grace_minutes"],
        zone_probability_min=manual["zone_probability_min"],
        first_read_valid_minutes=manual["first_read_valid_minutes"],
    )
