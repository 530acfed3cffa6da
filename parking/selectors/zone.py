"""Reads of zones."""

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from parking.curbs.maps import kind_of
from parking.models import CurbImport, Zone, ZonePolicy
from parking.selectors.curb_rows import drawable, policy_of

IN_FORCE = Prefetch(
    "policy_links",
    queryset=ZonePolicy.objects.filter(ends_at__isnull=True).select_related("policy").order_by("policy__priority"),
    to_attr="links",
)


def zone_list(words: str = "", status: str = "") -> QuerySet[Zone]:
    """Zones with their rules; `status` is enforced, not_enforced, ended or ""(all that stand)."""
    zones = Zone.objects.prefetch_related(IN_FORCE, "areas")
    zones = zones.filter(ends_at__isnull=status != "ended") if status != "all" else zones
    if status in ("enforced", "not_enforced"):
        zones = zones.filter(enforced=status == "enforced")
    if words.strip():
        zones = zones.filter(
            Q(street__icontains=words) | Q(name__icontains=words) | Q(user_zone_id__icontains=words)
            | Q(cross_street_start__icontains=words) | Q(cross_street_end__icontains=words)
        )  # fmt: skip
    return zones.order_by("street", "cross_street_start", "side", "name", "pk")


def zone_counts() -> dict[str, int]:
    """How many zones stand (standing), are enforced (held), are not (not_held), and have ended (over)."""
    stands = Q(ends_at__isnull=True)
    return Zone.objects.aggregate(
        standing=Count("pk", filter=stands),
        held=Count("pk", filter=stands & Q(enforced=True)),
        not_held=Count("pk", filter=stands & Q(enforced=False)),
        over=Count("pk", filter=~stands),
    )


def zone_features(zones: QuerySet[Zone]) -> dict:
    """Zones for a map, as GeoJSON; `not_drawn` names those whose coordinates make no line or area."""
    good, bad = drawable(zones)
    features = [_feature(zone) for zone in good]
    return {"type": "FeatureCollection", "features": features, "not_drawn": [str(zone) for zone in bad]}


def _feature(zone: Any) -> dict:
    policies = [policy_of(link.policy) for link in zone.links]
    properties = {"id": str(zone.pk), "name": str(zone), "url": zone.get_absolute_url(), "enforced": zone.enforced,
                  "words": "; ".join(link.policy.words for link in zone.links), "kind": kind_of(policies)}  # fmt: skip
    return {"type": "Feature", "id": str(zone.pk), "geometry": zone.geometry, "properties": properties}


def imports() -> QuerySet[CurbImport]:
    """Imported files, newest first."""
    return CurbImport.objects.select_related("imported_by")
