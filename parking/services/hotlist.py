"""Hotlists and their entries: entered, withdrawn with a reason (PK-01)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import Hotlist, HotlistEntry
from parking.plates.likeness import deletion_keys, normalise


def enter_hotlist(*, actor: User, kind: str, source: str, reason: str, expires_on: date) -> Hotlist:
    """A new, empty list. Raises PolicyDenied without source, purpose and a last day within the manual's days."""
    hotlist = Hotlist(
        kind=kind, source=source.strip(), reason=reason.strip(), expires_on=expires_on, entered_by=actor
    )  # fmt: skip
    with policy.door(actor, "hotlist.change", hotlist) as decision:
        hotlist.decision = decision
        hotlist.full_clean()
        hotlist.save()
    return hotlist


def new_entry(hotlist: Hotlist, by: User, **fields) -> HotlistEntry:
    """An entry, not saved, with the keys it is found by. `fields` are plate, plate_state, vehicle, reference, expires_on."""
    plate = normalise(fields.pop("plate"))
    return HotlistEntry(hotlist=hotlist, plate=plate, keys=list(deletion_keys(plate)), entered_by=by, **fields)


def add_entry(
    *, hotlist: Hotlist, actor: User, plate: str, plate_state: str = "", vehicle: str = "", reference: str = "",
    expires_on: date | None = None,
) -> HotlistEntry:  # fmt: skip
    """One plate by hand. Raises PolicyDenied, ValidationError when it stands on the list already."""
    entry = new_entry(hotlist, actor, plate=plate, plate_state=plate_state, vehicle=vehicle.strip(),
                      reference=reference.strip(), expires_on=expires_on)  # fmt: skip
    with policy.door(actor, "hotlist.change", hotlist, entry=entry):
        entry.full_clean()
        entry.save()
    return entry


def withdraw_hotlist(*, hotlist: Hotlist, actor: User, reason: str) -> Hotlist:
    """Withdraw a list with all its entries. Raises PolicyDenied without a reason, StaleState when it is withdrawn."""
    facts = {"withdraws": True, "shown": seen(None, lambda: of_row(hotlist))}
    with policy.door(actor, "hotlist.change", hotlist, justification=reason, **facts):
        _withdraw(hotlist, actor, reason)
    return hotlist


def withdraw_entry(*, entry: HotlistEntry, actor: User, reason: str) -> HotlistEntry:
    """Withdraw one plate, for instance because the vehicle was found. Raises PolicyDenied, StaleState."""
    facts = {"withdraws": True, "shown": seen(None, lambda: of_row(entry))}
    with policy.door(actor, "hotlist.change", entry.hotlist, justification=reason, **facts):
        entry.refresh_from_db()
        _withdraw(entry, actor, reason)
    return entry


def _withdraw(row: Hotlist | HotlistEntry, actor: User, reason: str) -> None:
    if row.withdrawn_at is not None:
        raise StaleState("It is withdrawn already.")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), actor, reason.strip()
    with transaction.atomic():
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
