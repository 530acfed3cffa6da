"""Applying for a permit, online or at the counter, and taking an application back."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from ecpd.accounts.models import User
from ecpd.audit.labels import APPLICANT
from ecpd.audit.services import record
from ecpd.files import all_or_nothing
from ecpd.numbering import next_serial, number
from ecpd.policy import engine as policy
from ecpd.policy.models import Decision
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from parking import store
from parking.citations.upload import Upload, media_type_of
from parking.models import Permit, PermitApplication, PermitDecision, PermitDocument, PermitTerms
from parking.permits.household import address_key
from parking.plates.likeness import normalise
from parking.selectors.permit_class import terms_of
from parking.selectors.shown import of_application
from parking.services.permit_mail import post_when_kept

Plates = Iterable[tuple[str, str]]


class CannotApply(StaleState):
    """An application that cannot be taken, with the reason in words."""

    code = "permit_cannot_apply"
    title = "This cannot be applied for"


def apply_online(
    *, terms: PermitTerms, email: str, plates: Plates, details: dict[str, Any], uploads: Iterable[Upload] = (),
    renewal_of: Permit | None = None,
) -> PermitApplication:  # fmt: skip
    """Take an application from the portal, whose e-mail address was confirmed by a link. Raises CannotApply,
    UploadRefused, ValidationError."""
    application = PermitApplication(
        terms=terms, email=email.lower(), channel=PermitApplication.Channel.ONLINE, renewal_of=renewal_of, **details
    )
    with all_or_nothing(), transaction.atomic():
        if renewal_of is not None:
            Permit.objects.select_for_update().get(pk=renewal_of.pk)
        in_force = terms_of(terms.permit_class.code)
        if in_force is None or in_force.pk != terms.pk:
            raise CannotApply("The rules of this permit changed meanwhile. Begin again to see the new ones.")
        _keep(application, plates, uploads)
        record(actor=None, action="permit.applied_online", subject=application, actor_label=APPLICANT)
        post_when_kept(to=application.email, about="received", application=application)
    return application


def enter_application(
    *, actor: User, terms: PermitTerms, channel: str, plates: Plates, details: dict[str, Any],
    uploads: Iterable[Upload] = (), documents_seen: str = "", renewal_of: Permit | None = None,
) -> PermitApplication:  # fmt: skip
    """Enter an application for somebody at the counter, by mail or phone; no e-mail address is needed.

    Raises PolicyDenied, CannotApply, UploadRefused, ValidationError.
    """
    application = PermitApplication(
        terms=terms, channel=channel, entered_by=actor, documents_seen=documents_seen.strip(), renewal_of=renewal_of,
        **details | {"email": details.get("email", "").lower()},
    )  # fmt: skip
    with policy.door(actor, "permit.enter", None, terms=terms):
        _keep(application, plates, uploads)
        post_when_kept(to=application.email, about="received", application=application)
    return application


def withdraw_application(
    *, application: PermitApplication, reason: str, actor: User | None = None
) -> PermitApplication:
    """Take a waiting application back: its applicant (no actor), or staff for somebody. Raises StaleState."""
    if actor is not None:
        facts = {
            "terms": application.terms,
            "withdraws": True,
            "shown": seen(None, lambda: of_application(application)),
        }
        with policy.door(actor, "permit.enter", application, justification=reason, **facts) as decision:
            return _withdraw(application, reason, actor, decision)
    with transaction.atomic():
        found = PermitApplication.objects.select_for_update().get(pk=application.pk)
        record(actor=None, action="permit.application_withdrawn", subject=found, actor_label=APPLICANT)
        return _withdraw(found, reason or "Withdrawn by the applicant.", None)


def plates_of(asked: Plates, most: int) -> list[list[str]]:
    """Plates as they are kept: normalised, each with its state, none twice. Raises CannotApply."""
    plates = [[normalise(plate), state] for plate, state in asked if plate.strip()]
    if any(not plate or not state for plate, state in plates):
        raise CannotApply("Each plate has letters or digits, and a state.")
    if len({tuple(each) for each in plates}) != len(plates):
        raise CannotApply("The same plate is entered twice.")
    if len(plates) > most:
        raise CannotApply(f"This permit is for {most} plate{'s' if most != 1 else ''} at a time.")
    return plates


def _keep(application: PermitApplication, plates: Plates, uploads: Iterable[Upload]) -> None:
    terms = application.terms
    application.plates = plates_of(plates, 0 if terms.is_for_guests else terms.plates_max)
    if not application.plates and not terms.is_for_guests:
        raise CannotApply("The plate is the permit: enter at least one.")
    application.address_key = address_key(application.address, application.unit)
    renewed = application.renewal_of
    if renewed is not None and renewed.application.address_key != application.address_key:
        raise CannotApply("A permit is renewed for the address it was given for. For another address apply anew.")
    application.year, application.serial = next_serial(PermitApplication)
    application.number = number("PA-", application.year, application.serial)
    application.full_clean()
    application.save()
    for upload in uploads:
        PermitDocument.objects.create(
            application=application, name=upload.name[:255], media_type=media_type_of(upload),
            sha256=store.store(upload.content), size=len(upload.content),
        )  # fmt: skip


def _withdraw(
    application: PermitApplication, reason: str, by: User | None, decision: Decision | None = None
) -> PermitApplication:
    if application.state != PermitApplication.State.WAITING:
        raise StaleState(f"It is {application.get_state_display().lower()} already.")
    PermitDecision.objects.create(
        application=application, outcome="withdraw", reasons=reason.strip(), by=by, decision=decision
    )
    application.state = PermitApplication.State.WITHDRAWN
    application.save(update_fields=["state"])
    return application
