"""Reads of permits: of one household, of one holder, for the list and the page."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from parking.models import Alert, Permit, PermitApplication, PermitPlate
from parking.permits.timeline import Span
from parking.plates.likeness import normalise

OPEN = Q(ended_at__isnull=True)


def permits_listed() -> QuerySet[Permit]:
    """Permits with what a row of the list names: class, holder, plates in force or to come."""
    now = timezone.now()
    left = PermitPlate.objects.filter(ends__gt=now).exclude(kind=PermitPlate.Kind.GUEST)
    return Permit.objects.select_related("terms__permit_class", "application", "approved_by").prefetch_related(
        Prefetch("plates", left, to_attr="left")
    )


def live_permits(at: datetime | None = None) -> QuerySet[Permit]:
    """Permits whose time is not over and that were not ended."""
    return Permit.objects.filter(OPEN, ends__gt=at or timezone.now())


def household_permits(application: PermitApplication) -> list[Permit]:
    """The live permits of this class at the application's address, without the one it renews."""
    found = live_permits().filter(
        application__address_key=application.address_key, terms__permit_class=application.terms.permit_class_id
    )
    if application.renewal_of_id is not None:
        found = found.exclude(pk=application.renewal_of_id)
    return list(found.select_related("application"))


def claimed_by_others(application: PermitApplication) -> list[PermitApplication]:
    """Waiting or granted applications for the same address by somebody else: shown to who decides, never refused."""
    return claims_of([application])[application.pk]


def claims_of(applications: Iterable[PermitApplication]) -> dict[int, list[PermitApplication]]:
    """For each application who else claims its address, by the application's id; one query for all of them."""
    asked = list(applications)
    by_address: dict[str, list[PermitApplication]] = defaultdict(list)
    for other in claiming([each.address_key for each in asked]):
        by_address[other.address_key].append(other)
    return {
        each.pk: [
            other for other in by_address[each.address_key] if other.pk != each.pk and not _same_person(other, each)
        ]
        for each in asked
    }


def claiming(addresses: Iterable[str]) -> QuerySet[PermitApplication]:
    """Waiting applications, and those with a live permit, for these addresses."""
    granted = live_permits().values("application")
    rows = PermitApplication.objects.filter(Q(state="waiting") | Q(pk__in=granted), address_key__in=list(addresses))
    return rows.select_related("terms__permit_class")


def at_address(application: PermitApplication) -> QuerySet[PermitApplication]:
    """Other waiting applications, and those with a live permit, for the same address."""
    return claiming([application.address_key]).exclude(pk=application.pk)


def _same_person(one: PermitApplication, other: PermitApplication) -> bool:
    if one.email and other.email:
        return one.email.lower() == other.email.lower()
    return one.name.casefold().split() == other.name.casefold().split()


def swaps_today(permit: Permit) -> int:
    """How many times a plate was put in today, by whomever; the plates it began with and guests are not counted."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return permit.plates.filter(added_at__gte=midnight, swapped=True).count()


def spans_of(rows: Iterable[PermitPlate]) -> tuple[Span, ...]:
    """Rows of plates as the timeline's values, guests left out."""
    return tuple(
        Span(row.plate, row.plate_state, row.begins, row.ends, row.kind, row.place, row.pk) for row in rows if row.place
    )


def permit_in_full(number: str) -> Permit:
    """One permit with all its page shows. Raises Permit.DoesNotExist."""
    plates = PermitPlate.objects.select_related("added_by", "guest_code")
    return (
        Permit.objects.select_related(
            "terms__permit_class", "application", "approved_by", "ended_by", "replaced_by", "replaces", "renewal_of"
        )
        .prefetch_related(Prefetch("plates", plates), "terms__areas", "warnings__by", "guest_codes", "reminders",
                          "renewed_by", "application__decisions__by")
        .get(number=number)
    )  # fmt: skip


def permits_of(email: str) -> QuerySet[Permit]:
    """A holder's permits, the newest first."""
    return permits_listed().filter(application__email__iexact=email)


def shared_alerts(permit: Permit) -> QuerySet[Alert]:
    """Alerts that two of its vehicles were seen at once."""
    return Alert.objects.filter(key__startswith=f"shared_permit:{permit.number}:")


def search(permits: QuerySet[Permit], text: str) -> QuerySet[Permit]:
    """Permits by number, holder, address or plate."""
    plate = normalise(text)
    with_plate = PermitPlate.objects.filter(plate=plate).values("permit") if plate else PermitPlate.objects.none()
    return permits.filter(
        Q(number__iexact=text.strip())
        | Q(application__name__icontains=text.strip())
        | Q(application__address__icontains=text.strip())
        | Q(application__email__iexact=text.strip())
        | Q(pk__in=with_plate)
    )
