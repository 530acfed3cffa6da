"""Zones: imported whole, drawn, given other rules, ended. What held when stays on the record (PK-16)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from shapely.geometry import mapping

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.curbs.codec import policy_from_json, to_json
from parking.curbs.sameness import say_the_same
from parking.curbs.types import CurbPolicy as PolicyValue
from parking.curbs.types import CurbSet
from parking.curbs.types import CurbZone as ZoneValue
from parking.curbs.words import policy_words
from parking.models import CurbArea, CurbImport, CurbPolicy, CurbSpace, StreetLabel, Zone, ZonePolicy

OWN = {"id", "geometry", "starts_at", "ends_at", "ended_reason", "previous", "length_cm"}  # of a drawing, not copied
DETAILS = ("name", "user_zone_id", "scope", "no_return_distance_m", "resolution", "signs_since", "enforced")


def import_curbs(
    *, actor: User, curbs: CurbSet, file_name: str, format: str, sha256: str, warnings: Iterable[str] = (),
    enforced: bool = False,
) -> CurbImport:  # fmt: skip
    """Put a whole set in force; zones that are there already under the same id are renewed by their policies only.

    A zone is enforced only when asked and when the set names its resolution and signs. Everything is one transaction.
    """
    source = CurbImport(file_name=file_name, format=format, sha256=sha256, warnings=list(warnings), imported_by=actor)
    with policy.door(actor, "zone.change", source):
        source.counts = {"zones": len(curbs.zones), "policies": len(curbs.policies), "areas": len(curbs.areas),
                         "spaces": len(curbs.spaces)}  # fmt: skip
        source.save()
        _keep_policies(curbs.policies, actor)
        areas = _keep_areas(curbs)
        known = Zone.objects.in_bulk([zone.id for zone in curbs.zones])
        known = {str(key): row for key, row in known.items()}
        for zone in curbs.zones:
            row = known.get(zone.id) or _new_zone(zone, actor, source, enforced)
            row.areas.add(*(areas[area] for area in zone.area_ids if area in areas))
            _set_policies(row, zone.policy_ids, actor, zone.resolution)
        _keep_spaces(curbs)
    return source


def draw_zone(*, actor: User, zone: ZoneValue, policies: Iterable[PolicyValue], enforced: bool = False) -> Zone:
    """A zone drawn on the map, with its rules. Raises ValidationError."""
    with policy.door(actor, "zone.change", None):
        _keep_policies(policies, actor)
        row = _new_zone(zone, actor, None, enforced)
        _set_policies(row, zone.policy_ids, actor, zone.resolution)
    return row


def change_zone(*, zone: Zone, actor: User, reason: str = "", **details: Any) -> Zone:
    """Change what may change of a zone: only DETAILS. Raises ValidationError, StaleState for a zone that has ended."""
    asked: dict[str, Any] = {
        name: details[name] for name in ("enforced", "resolution", "signs_since") if name in details
    }
    asked["shown"] = seen(None, lambda: of_row(zone))
    with policy.door(actor, "zone.change", zone, justification=reason, **asked):
        _must_stand(zone)
        for name in DETAILS:
            if name in details:
                setattr(zone, name, details[name])
        zone.updated_at = timezone.now()
        zone.full_clean()
        zone.save(update_fields=[*DETAILS, "updated_at"])
    return zone


def change_rules(
    *, zone: Zone, actor: User, policies: Iterable[PolicyValue], resolution: str, signs_since: date | None = None
) -> Zone:
    """Other rules from now on; the zone keeps its id, the old rules stay on the record with their dates."""
    policies = list(policies)
    with policy.door(actor, "zone.change", zone, shown=seen(None, lambda: of_row(zone))):
        _must_stand(zone)
        _keep_policies(policies, actor)
        zone.resolution, zone.signs_since = resolution, signs_since or zone.signs_since
        _set_policies(zone, [each.id for each in policies], actor, resolution)
        zone.updated_at = timezone.now()
        zone.full_clean()
        zone.save(update_fields=["resolution", "signs_since", "updated_at"])
    return zone


def redraw_zone(*, zone: Zone, actor: User, geometry: dict, reason: str) -> Zone:
    """Another geometry is another zone: the old one ends, the new one has its rules and points back to it."""
    with policy.door(actor, "zone.change", zone, justification=reason, shown=seen(None, lambda: of_row(zone))):
        _must_stand(zone)
        links = list(zone.policy_links.filter(ends_at__isnull=True))
        areas = list(zone.areas.all())
        _end(zone, reason)
        copied = {field.name: getattr(zone, field.name) for field in Zone._meta.fields if field.name not in OWN}
        now = timezone.now()
        made = Zone(**copied | {"published_at": now, "updated_at": now, "added_by": actor}, geometry=geometry,
                    starts_at=now, previous=zone)  # fmt: skip
        made.full_clean()
        made.save(force_insert=True)
        made.areas.set(areas)
        _set_policies(made, [str(link.policy_id) for link in links], actor, made.resolution)
    return made


def end_zone(*, zone: Zone, actor: User, reason: str) -> Zone:
    """A zone ends; nothing is raised in it from now on. Its history stays."""
    with policy.door(actor, "zone.change", zone, justification=reason, shown=seen(None, lambda: of_row(zone))):
        _must_stand(zone)
        _end(zone, reason)
    return zone


def label_streets(*, actor: User, streets: Iterable[tuple[str, dict]]) -> None:
    """Street names and center lines for maps without tiles: (name, GeoJSON LineString); replaces those of a name."""
    streets = list(streets)
    with policy.door(actor, "zone.change", None):
        names = [name for name, _ in streets]
        StreetLabel.objects.filter(name__in=names, withdrawn_at=None).update(withdrawn_at=timezone.now())
        StreetLabel.objects.bulk_create([StreetLabel(name=name, geometry=geometry) for name, geometry in streets])


def _end(zone: Zone, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Say why the zone ends."})
    now = timezone.now()
    zone.policy_links.filter(ends_at__isnull=True).update(ends_at=now)
    zone.ends_at = zone.updated_at = now
    zone.ended_reason = reason.strip()
    zone.save(update_fields=["ends_at", "updated_at", "ended_reason"])


def _must_stand(zone: Zone) -> None:
    if zone.ends_at is not None:
        raise StaleState("This zone has ended.")


def _keep_policies(policies: Iterable[PolicyValue], actor: User) -> None:
    """An id stands for its content: a policy that is there already is left alone, or refused when it says something else."""
    policies = list(policies)
    known = {str(pk): row for pk, row in CurbPolicy.objects.in_bulk([each.id for each in policies]).items()}
    for each in policies:
        content = to_json(each)
        if each.id in known:
            if known[each.id].content != content and not say_the_same(policy_from_json(known[each.id].content), each):
                raise ValidationError(f"Policy {each.id} stands for other rules already. Give the new ones a new id.")
            continue
        CurbPolicy.objects.create(
            id=each.id, priority=each.priority, content=content, words=policy_words(each), added_by=actor,
            published_at=moment(each.published_ms),
        )  # fmt: skip


def _keep_areas(curbs: CurbSet) -> dict[str, CurbArea]:
    areas = {str(pk): row for pk, row in CurbArea.objects.in_bulk([area.id for area in curbs.areas]).items()}
    for area in curbs.areas:
        if area.id not in areas:
            areas[area.id] = CurbArea.objects.create(
                id=area.id, name=area.name, geometry=mapping(area.geometry),
                published_at=moment(area.published_ms), updated_at=moment(area.updated_ms),
            )  # fmt: skip
    return areas


def _keep_spaces(curbs: CurbSet) -> None:
    known = {
        str(pk) for pk in CurbSpace.objects.filter(pk__in=[s.id for s in curbs.spaces]).values_list("pk", flat=True)
    }
    CurbSpace.objects.bulk_create(
        CurbSpace(
            id=space.id, zone_id=space.zone_id, number=space.number, name=space.name, length_cm=space.length_cm,
            geometry=mapping(space.geometry), published_at=moment(space.published_ms),
            updated_at=moment(space.updated_ms),
        )
        for space in curbs.spaces if space.id not in known
    )  # fmt: skip


def _new_zone(zone: ZoneValue, actor: User, source: CurbImport | None, enforced: bool) -> Zone:
    row = Zone(
        id=zone.id, name=zone.name, user_zone_id=zone.user_zone_id, street=zone.street,
        cross_street_start=zone.cross_street_start, cross_street_end=zone.cross_street_end, side=zone.side,
        entire_roadway=zone.entire_roadway, geometry=mapping(zone.geometry), length_cm=zone.length_cm,
        width_cm=zone.width_cm, num_spaces=zone.num_spaces, parking_angle=zone.parking_angle, scope=zone.scope.value,
        no_return_distance_m=zone.no_return_distance_m, resolution=zone.resolution, signs_since=zone.signs_since,
        enforced=enforced and bool(zone.resolution) and zone.signs_since is not None, starts_at=moment(zone.start_ms),
        ends_at=moment(zone.end_ms) if zone.end_ms else None, source=source, extra=zone.extra,
        published_at=moment(zone.published_ms), updated_at=moment(zone.updated_ms), added_by=actor,
    )  # fmt: skip
    row.full_clean()
    row.save(force_insert=True)
    return row


def _set_policies(zone: Zone, policy_ids: Iterable[str], actor: User, resolution: str) -> None:
    wanted = set(policy_ids)
    now = timezone.now()
    held = {str(link.policy_id): link for link in zone.policy_links.filter(ends_at__isnull=True)}
    for policy_id, link in held.items():
        if policy_id not in wanted:
            link.ends_at = now
            link.save(update_fields=["ends_at"])
    ZonePolicy.objects.bulk_create(
        ZonePolicy(zone=zone, policy_id=policy_id, starts_at=now, resolution=resolution, changed_by=actor)
        for policy_id in sorted(wanted - set(held))
    )


def moment(milliseconds: int | None) -> datetime:
    """A moment of CDS; now where the file names none."""
    return timezone.now() if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
