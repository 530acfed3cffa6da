"""Adding exhibits, handing them over, withdrawing them."""

from contextlib import ExitStack
from datetime import datetime
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from cases import likeness, reactions, vault
from cases.models import Case, CustodyEntry, Evidence
from cases.services import timeline
from cases.shown import of_exhibit
from cases.sniffing import disagreement
from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from ecpd.queue import enqueue


def add_evidence(
    *,
    case: Case,
    actor: User,
    kind: str,
    title: str,
    origin_kind: str,
    origin: str,
    obtained_at: datetime,
    file: BinaryIO | bytes | None = None,
    file_name: str = "",
    received_from: str = "",
    **details,
) -> Evidence:
    """Add an exhibit: file into the vault, row, first link of custody and timeline, all or nothing.

    The file is read before the case is locked, and kept once the door is open. Raises FileRefused for a file that
    cannot be kept, ValidationError for a field.
    """
    if obtained_at > timezone.now():
        raise ValidationError({"obtained_at": "It cannot have been obtained in the future."})
    exhibit = Evidence(
        case=case,
        kind=kind,
        title=title,
        origin_kind=origin_kind,
        origin=origin,
        obtained_at=obtained_at,
        file_name=_plain_name(file_name) if file is not None else "",
        added_by=actor,
        **details,
    )
    with ExitStack() as opened:
        incoming = opened.enter_context(vault.incoming_if(file))
        exhibit.phash = likeness.at_upload(incoming)
        opened.enter_context(policy.door(actor, "evidence.add", case))
        if incoming and (words := disagreement(kind, incoming.media_type)):
            raise vault.FileRefused(words)
        exhibit.file = incoming.keep() if incoming else None
        exhibit.number = (case.evidence.aggregate(top=Max("number"))["top"] or 0) + 1
        exhibit.full_clean(exclude=["number"])
        exhibit.save()
        CustodyEntry.objects.create(
            evidence=exhibit,
            at=obtained_at,
            action=CustodyEntry.Action.RECEIVED,
            recorded_by=actor,
            from_party=received_from or exhibit.get_origin_kind_display(),
            to_party=actor.display_name,
            reason=origin,
        )
        timeline.add(
            case=case,
            kind="evidence",
            headline=f"{exhibit.label} added: {title}.",
            detail=origin,
            actor=actor,
            url=exhibit.get_absolute_url(),
        )
        reactions.tell_of_adding(exhibit, actor)
        if likeness.is_unknown(exhibit):
            enqueue("cases.tasks.compare_picture", exhibit.pk)
    return exhibit


def add_derivative(
    *,
    original: Evidence,
    actor: User,
    title: str,
    derivation: str,
    file: BinaryIO | bytes,
    file_name: str = "",
    kind: str = "",
    **details,
) -> Evidence:
    """Add an edit, crop or still of an exhibit beside it; the original stays as it is (FR-04)."""
    return add_evidence(
        case=original.case,
        actor=actor,
        kind=kind or original.kind,
        title=title,
        origin_kind=original.origin_kind,
        origin=f"Derivative of {original.label}, by {actor.display_name}",
        obtained_at=timezone.now(),
        file=file,
        file_name=file_name,
        derived_from=original,
        derivation=derivation,
        received_from=original.label,
        clip_sha256=original.file.sha256 if original.kind == Evidence.Kind.CLIP and original.file else "",
        **details,
    )


def hand_over(
    *,
    evidence: Evidence,
    actor: User,
    action: str,
    from_party: str,
    to_party: str,
    reason: str,
    at: datetime | None = None,
    location: str = "",
) -> CustodyEntry:
    """Record a link of the chain.

    Raises ValidationError when it lies in the future or before the link before it, or does not begin where that ended.
    """
    at = at or timezone.now()
    with policy.door(actor, "evidence.hand_over", evidence.case):
        newest = evidence.custody.order_by("-id").first()
        if newest and at == newest.at.replace(second=0, microsecond=0):
            at = newest.at  # people write minutes: the same minute is not before the last link
        if at > timezone.now() or (newest and at < newest.at):
            raise ValidationError({"at": "A hand-over comes after the one before it, and not in the future."})
        if newest and from_party.strip() != newest.to_party.strip():
            raise ValidationError({"from_party": _gap(newest)})
        entry = CustodyEntry(
            evidence=evidence,
            at=at,
            action=action,
            from_party=newest.to_party if newest else from_party,
            to_party=to_party,
            reason=reason,
            recorded_by=actor,
        )
        entry.full_clean()
        entry.save()
        evidence.location = location or to_party
        evidence.save(update_fields=["location"])
        timeline.add(
            case=evidence.case,
            kind="custody",
            actor=actor,
            url=evidence.get_absolute_url(),
            headline=f"{evidence.label}: {entry.get_action_display().lower()} to {to_party}.",
            detail=reason,
        )
    return entry


def _gap(newest: CustodyEntry) -> str:
    return f"It is with {newest.to_party}. If it passed through other hands since, record those hand-overs first."


def withdraw_evidence(*, evidence: Evidence, actor: User, reason: str, shown: str | None = None) -> Evidence:
    """Withdraw an exhibit; it stays readable, struck through, with the reason. What rests on it falls with it.

    Raises StaleState.
    """
    facts = {"shown": seen(shown, lambda: of_exhibit(evidence))}
    with policy.door(actor, "evidence.withdraw", evidence, justification=reason, **facts):
        if evidence.withdrawn_at is not None:
            raise StaleState(f"{evidence.label} is withdrawn already.")
        reactions.tell_of_withdrawal(evidence, actor, reason)
        evidence.withdrawn_at, evidence.withdrawn_by, evidence.withdrawn_reason = timezone.now(), actor, reason
        evidence.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        timeline.add(
            case=evidence.case,
            kind="evidence",
            headline=f"{evidence.label} withdrawn.",
            detail=reason,
            actor=actor,
            url=evidence.get_absolute_url(),
        )
    return evidence


def check_hash(*, evidence: Evidence, actor: User) -> bool:
    """Hash the file again and put the answer on the record: whether it is there and unchanged."""
    if evidence.file is None:
        raise ValidationError(f"{evidence.label} has no file.")
    same = vault.verify(evidence.file)
    record(
        actor=actor,
        action="evidence.check_hash",
        subject=evidence,
        case_number=evidence.case.case_number,
        sha256=evidence.file.sha256,
        same=same,
    )
    return same


def _plain_name(name: str) -> str:
    """A file's name for showing: no path, nothing unprintable, at most 255 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[-255:] or "unnamed"
