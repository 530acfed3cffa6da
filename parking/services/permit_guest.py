"""Guest codes: a household makes one, a guest enters it with the plate and may park for some hours."""

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit.labels import GUEST, HOLDER
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.problem import StaleState
from parking.models import GuestCode, Permit, PermitPlate
from parking.plates.likeness import normalise
from parking.services.permit_portal import Tries
from parking.services.permit_review import plate_row

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else when read out on the phone
LENGTH = 8
LONGEST_DAYS = 90


class CannotPark(StaleState):
    """A guest's code or plate that cannot be taken, with the reason in words."""

    code = "guest_cannot_park"
    title = "This code cannot be used"


def make_code(
    *, permit: Permit, label: str = "", visits: int = 1, days: int = 14, actor: User | None = None, reason: str = ""
) -> tuple[GuestCode, str]:
    """Make a code for guests, for some visits within some days; gives it once, only its hash is kept.

    Raises StaleState when the permit is not for guests, has ended, or its visits are used up. PolicyDenied (staff).
    """
    if actor is not None:
        with policy.door(actor, "permit.change", permit, justification=reason, change="guest"):
            return _make(permit, label, visits, days, actor)
    with transaction.atomic():
        found = Permit.objects.select_for_update(of=["self"]).select_related("terms").get(pk=permit.pk)
        made = _make(found, label, visits, days, None)
        record(actor=None, action="permit.guest_code_made", subject=found, actor_label=HOLDER)
        return made


def visits_left(permit: Permit) -> int | None:
    """How many visits can still be given away; None without a limit. Visits promised by live codes are not."""
    most = permit.terms.guest_visits_max
    if most is None:
        return None
    made = permit.plates.filter(kind=PermitPlate.Kind.GUEST).count()
    live = permit.guest_codes.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())
    promised = live.aggregate(all=Sum("visits_max"))["all"] or 0
    used_of_live = permit.plates.filter(guest_code__in=live).count()
    return most - made - (promised - used_of_live)


def _make(permit: Permit, label: str, visits: int, days: int, by: User | None) -> tuple[GuestCode, str]:
    if permit.is_over or permit.terms.guest_hours is None:
        raise StaleState("Only a visitor permit that is in force has guest codes.")
    if not 1 <= days <= LONGEST_DAYS or visits < 1:
        raise StaleState(f"A code is for at least one visit and for {LONGEST_DAYS} days at most.")
    left = visits_left(permit)
    if left is not None and visits > left:
        raise StaleState(f"{max(left, 0)} visits are left on this permit.")
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row = GuestCode.objects.create(
        permit=permit, code_hash=hash_of(code), label=label.strip()[:60], hours=permit.terms.guest_hours,
        visits_max=visits, expires_at=min(timezone.now() + timedelta(days=days), permit.ends), made_by=by,
    )  # fmt: skip
    return row, f"{code[:4]}-{code[4:]}"


def revoke_code(*, code: GuestCode) -> GuestCode:
    """End a code; visits that began go on. Idempotent."""
    if code.revoked_at is None:
        code.revoked_at = timezone.now()
        code.save(update_fields=["revoked_at"])
    return code


def enter_visit(*, code: str, plate: str, state: str, address: str) -> PermitPlate:
    """A guest parks: the plate counts from now for the hours of the code. Raises CannotPark, TooManyTries.

    `address` is the network address; wrong codes from one are counted.
    """
    tries = Tries(kind="guest", address=address)
    with transaction.atomic():
        tries.refuse_too_fast()
        found = _live_code(code)
        if found is not None:
            visit = _visit(found, normalise(plate), state)
            record(actor=None, action="permit.guest_parked", subject=found.permit, actor_label=GUEST)
            return visit
        tries.count()
    raise CannotPark("No such code is in force. Compare it with what you were sent.")


def _live_code(code: str) -> GuestCode | None:
    row = GuestCode.objects.filter(code_hash=hash_of(normalise(code))).first()
    if row is None:
        return None
    # The permit first, then the code, as everywhere: two guests at once never wait for each other in a circle.
    Permit.objects.select_for_update(of=["self"]).get(pk=row.permit_id)
    row = GuestCode.objects.select_for_update(of=["self"]).select_related("permit__terms").get(pk=row.pk)
    over = row.revoked_at is not None or row.expires_at <= timezone.now() or row.permit.is_over
    return None if over or row.permit.begins > timezone.now() else row


def _visit(code: GuestCode, plate: str, state: str) -> PermitPlate:
    permit, now = code.permit, timezone.now()
    if not plate or not state:
        raise CannotPark("Enter the plate's letters and digits, and its state.")
    if code.visits.count() >= code.visits_max:
        raise CannotPark("This code was used as often as it may be. Ask your host for another.")
    known = PermitPlate.objects.filter(permit_class=permit.terms.permit_class_id, plate=plate, plate_state=state,
                                       begins__lte=now, ends__gt=now).first()  # fmt: skip
    if known is not None:
        raise CannotPark(f"This plate may park already, until {timezone.localtime(known.ends):%b %-d, %-I:%M %p}.")
    row = plate_row(permit, plate, state, 0, now, min(now + timedelta(hours=code.hours), permit.ends),
                    kind=PermitPlate.Kind.GUEST, guest_code=code)  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise CannotPark("This plate has a visitor permit at that time already.") from error
    return row


def hash_of(code: str) -> str:
    """SHA-256 of a code's letters and digits, hex."""
    return hashlib.sha256(normalise(code).encode()).hexdigest()
