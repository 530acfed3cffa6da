"""Reads of hotlists: what is in force, what a read fits, why somebody is looked for."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from parking.models import Alert, Hotlist, HotlistEntry, HotlistHit
from parking.plates.likeness import deletion_keys


def in_force(day: date) -> Q:
    """The condition on an entry: neither it nor its list has expired or is withdrawn."""
    return Q(
        Q(expires_on__isnull=True) | Q(expires_on__gte=day),
        withdrawn_at__isnull=True, hotlist__withdrawn_at__isnull=True, hotlist__expires_on__gte=day,
    )  # fmt: skip


def entries_near(plates: Iterable[str], day: date | None = None) -> list[HotlistEntry]:
    """Entries in force whose plate may be within one character of one of these; compare what it finds. One query."""
    keys = sorted({key for plate in plates for key in deletion_keys(plate)})
    if not keys:
        return []
    return list(HotlistEntry.objects.filter(in_force(day or timezone.localdate()), keys__any_of=keys))


def is_in_force(entry: HotlistEntry) -> bool:
    """Whether an entry is good today, read anew."""
    return HotlistEntry.objects.filter(in_force(timezone.localdate()), pk=entry.pk).exists()


def hotlists() -> QuerySet[Hotlist]:
    """Hotlists with `listed`, how many entries are in force, and `hits`, how many alerts they led to."""
    day = timezone.localdate()
    good = Q(entries__withdrawn_at__isnull=True) & (
        Q(entries__expires_on__isnull=True) | Q(entries__expires_on__gte=day)
    )
    raised = Q(entries__hits__state=HotlistHit.State.RAISED)
    return Hotlist.objects.select_related("entered_by", "withdrawn_by").annotate(
        listed=Count("entries", filter=good, distinct=True), hits=Count("entries__hits", filter=raised, distinct=True)
    )


def entries_of(hotlist: Hotlist) -> QuerySet[HotlistEntry]:
    """A list's entries, those in force first."""
    return hotlist.entries.select_related("entered_by", "withdrawn_by").order_by("-withdrawn_at", "plate", "id")


def why_listed(alert: Alert) -> str:
    """What the list is about; "" until a person has confirmed the hit with dispatch (PK-01)."""
    if alert.kind != Alert.Kind.HOTLIST or alert.state != Alert.State.CONFIRMED:
        return ""
    hit = HotlistHit.objects.filter(alert=alert).select_related("entry__hotlist").first()
    return hit.entry.hotlist.get_kind_display() if hit else ""
