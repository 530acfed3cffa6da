"""Answering applications: approve, deny with reasons that the applicant reads, reopen."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.numbering import next_serial, number
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from parking.models import Permit, PermitApplication, PermitDecision, PermitPlate
from parking.plates.likeness import deletion_keys
from parking.selectors.permit import household_permits
from parking.selectors.shown import of_application
from parking.services.permit_mail import post_when_kept

PREFIX = {"residential": "RP-", "visitor": "VP-", "disabled": "DP-", "contractor": "CP-", "electric": "EP-"}


def approve(*, application: PermitApplication, actor: User, reasons: str) -> Permit:
    """Grant the permit from now on, or from the end of the permit it renews. Raises PolicyDenied, also where one of
    its plates has a permit of the class at that time."""
    with policy.door(
        actor, "permit.decide", application, justification=reasons, **_facts(application, "approve")
    ) as decision:
        _answer(application, actor, "approve", reasons, decision)
        permit = _grant(application, actor)
        _put_plates_in(permit, application.plates)
        post_when_kept(to=application.email, about="approved", application=application, permit=permit, reasons=reasons)
    return permit


def deny(*, application: PermitApplication, actor: User, reasons: str) -> PermitApplication:
    """Deny it; the applicant reads why. Raises PolicyDenied."""
    with policy.door(
        actor, "permit.decide", application, justification=reasons, **_facts(application, "deny")
    ) as decision:
        _answer(application, actor, "deny", reasons, decision)
        post_when_kept(to=application.email, about="denied", application=application, reasons=reasons)
    return application


def reopen(*, application: PermitApplication, actor: User, reasons: str) -> PermitApplication:
    """Look again at an application that was denied or withdrawn. Raises PolicyDenied."""
    with policy.door(
        actor, "permit.decide", application, justification=reasons, **_facts(application, "reopen")
    ) as decision:
        _answer(application, actor, "reopen", reasons, decision)
        post_when_kept(to=application.email, about="reopened", application=application, reasons=reasons)
    return application


def _facts(application: PermitApplication, outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "shown": seen(None, lambda: of_application(application))}


STATE_AFTER = {"approve": "approved", "deny": "denied", "reopen": "waiting"}


def _answer(application: PermitApplication, by: User, outcome: str, reasons: str, decision) -> None:
    PermitDecision.objects.create(
        application=application, outcome=outcome, reasons=reasons.strip(), by=by, decision=decision
    )
    application.state = PermitApplication.State(STATE_AFTER[outcome])
    application.save(update_fields=["state"])


def _grant(application: PermitApplication, by: User) -> Permit:
    terms, old = application.terms, application.renewal_of
    now = timezone.now()
    begins = old.ends if old is not None and old.ended_at is None and old.ends > now else now
    nth = old.nth if old is not None else len(household_permits(application)) + 1
    permit = Permit(
        application=application, terms=terms, begins=begins, ends=last_moment(begins, terms.duration_days), nth=nth,
        price_cents=terms.price(nth), approved_by=by, renewal_of=old,
    )  # fmt: skip
    return number_and_save(permit)


def number_and_save(permit: Permit) -> Permit:
    """Give a permit its number of the year and keep it."""
    permit.year, permit.serial = next_serial(Permit)
    permit.number = number(PREFIX[permit.terms.permit_class.kind], permit.year, permit.serial)
    permit.full_clean()
    permit.save()
    return permit


def last_moment(begins: datetime, days: int) -> datetime:
    """Midnight at the end of the last of so many days, on the city's clock."""
    last = timezone.localdate(begins) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(last, time()))


def _put_plates_in(permit: Permit, plates: list[list[str]]) -> None:
    PermitPlate.objects.bulk_create(
        plate_row(permit, plate, state, place, permit.begins, permit.ends)
        for place, (plate, state) in enumerate(plates, start=1)
    )


def plate_row(
    permit: Permit, plate: str, state: str, place: int, begins: datetime, ends: datetime, **more
) -> PermitPlate:
    """A plate's row under a permit, with its keys and class."""
    return PermitPlate(
        permit=permit, permit_class_id=permit.terms.permit_class_id, plate=plate, plate_state=state,
        keys=list(deletion_keys(plate)), place=place, begins=begins, ends=ends, **more,
    )  # fmt: skip
