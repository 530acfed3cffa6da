"""Giving plate data to another agency, or refusing it (PK-08)."""

import hashlib
from datetime import date, datetime

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.web import spreadsheet
from parking.models import PartnerAgency, PlateQuery, PlateShare, PublicAgency, Read
from parking.plates.likeness import normalise
from parking.selectors.plate import reads_of
from parking.services.access import note_work

COLUMNS = ("captured_at_utc", "plate", "state", "zone", "latitude", "longitude", "reader")


def enter_agency(*, actor: User, listed: PublicAgency, contact: str) -> PartnerAgency:
    """Enter an agency of the owner's list in the register, with who asks there. Raises ValidationError, PolicyDenied.

    One that was entered under this name before there was a list is kept, and named as the one on it.
    """
    known = PartnerAgency.objects.filter(name=listed.name, kind=listed.kind, listed=None).first()
    if known is not None:
        with policy.door(actor, "plate.partner", known, listed=listed):
            known.listed = listed
            known.save(update_fields=["listed"])
        return known
    agency = PartnerAgency(listed=listed, name=listed.name, kind=listed.kind, contact=contact.strip(), entered_by=actor)
    agency.full_clean()
    with policy.door(actor, "plate.partner", agency, listed=listed):
        agency.save()
    return agency


def share(
    *,
    actor: User,
    agency: PartnerAgency,
    request: str,
    received_on: date,
    purpose: str,
    plate: str,
    since: datetime,
    until: datetime,
    reasons: str,
    plate_state: str = "",
    for_immigration: bool = False,
    refuse: bool = False,
) -> tuple[PlateShare, bytes]:
    """Decide on a request; returns the record and, when granted, the file to give. Raises PolicyDenied."""
    plate = normalise(plate)
    facts = {"agency": agency, "purpose": purpose, "request": request, "for_immigration": for_immigration,
             "refuse": refuse}  # fmt: skip
    made = PlateShare(
        agency=agency, request=request.strip(), received_on=received_on, purpose=purpose.strip(), plate=plate,
        plate_state=plate_state, since=since, until=until, reasons=reasons.strip(), for_immigration=for_immigration,
        decided_by=actor, outcome=PlateShare.Outcome.REFUSED if refuse else PlateShare.Outcome.GRANTED,
    )  # fmt: skip
    content = b""
    with policy.door(actor, "plate.share", None, justification=reasons, **facts) as decision:
        made.decision = decision
        if not refuse:
            reads = list(reads_of(plate, plate_state).filter(captured_at__range=(since, until)))
            content = as_csv(reads)
            made.records, made.sha256 = len(reads), hashlib.sha256(content).hexdigest()
        made.full_clean()
        made.save(force_insert=True)
        note_work(
            user=actor, purpose=PlateQuery.Purpose.DISCLOSURE, reason=f"{made}. {reasons}"[:500],
            terms={"plate": plate, "agency": agency.name}, results=made.records, channel=PlateQuery.Channel.SHARING,
        )  # fmt: skip
    return made, content


def as_csv(reads: list[Read]) -> bytes:
    """Reads as a CSV file without pictures."""
    rows = ([read.captured_at.isoformat(), read.plate, read.plate_state, read.zone or "", read.y or "", read.x or "",
             read.device] for read in reads)  # fmt: skip
    return spreadsheet.as_csv([COLUMNS, *rows]).encode()
