"""The exculpatory register: entering and answering what speaks against a lead (FR-18)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import Case, Evidence
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from leads.models import ExculpatoryAnswer, ExculpatoryEntry, Lead
from leads.selectors.dark import KEPT, is_of_an_open_list
from leads.selectors.history import leads_of_the_face, matter_of
from leads.selectors.past import not_entered, past_of
from leads.selectors.shown import of_entry


def enter(*, lead: Lead, actor: User, kind: str, what: str, evidence: Evidence | None = None) -> ExculpatoryEntry:
    """Enter something that points away from the person. Raises ValidationError when nothing is written."""
    if not what.strip():
        raise ValidationError("Say what it shows.")
    with policy.door(actor, "exculpatory.add", lead):
        entry = ExculpatoryEntry(lead=lead, kind=kind, what=what.strip(), evidence=evidence, entered_by=actor)
        entry.full_clean()
        entry.save()
        timeline.add(
            case=lead.case,
            kind="corroboration",
            headline=f"Points away from {lead.person.name}.",
            detail=what,
            actor=actor,
            url=lead.get_absolute_url(),
        )
        enter_for_the_face(lead)
    return entry


def answer(*, entry: ExculpatoryEntry, actor: User, outcome: str, text: str) -> ExculpatoryAnswer:
    """Answer an entry: how it is explained, or why it stays open. Raises ValidationError."""
    if len(text.strip()) < 10:
        raise ValidationError("Say in a sentence how it is explained, or why it stays open.")
    with policy.door(actor, "exculpatory.answer", entry, shown=seen(None, lambda: of_entry(entry))):
        given = ExculpatoryAnswer(entry=entry, outcome=outcome, text=text.strip(), answered_by=actor)
        given.full_clean()
        given.save()
        kept = is_of_an_open_list(entry)
        timeline.add(
            case=entry.lead.case,
            kind="corroboration",
            actor=actor,
            url=entry.lead.get_absolute_url(),
            headline=f"{given.get_outcome_display()}: {KEPT if kept else entry.what[:120]}",
            detail="" if kept else text,
        )
    return given


def enter_from_records(lead: Lead) -> None:
    """Enter what the records of the matter say against a lead (idempotent; `leads.selectors.past`). Call inside a door.

    Once in these words: a row of the same origin that says something else is no reason to be silent.
    """
    for one in past_of(lead):
        ExculpatoryEntry.objects.get_or_create(lead=lead, origin=one.origin, kind=one.kind, what=one.what,
                                               defaults={"evidence_id": one.evidence_id})  # fmt: skip


def make_whole(lead: Lead) -> None:
    """Enter what came to the records since, so that whoever reads the register reads all of it. Call inside a door."""
    if not_entered(lead):
        enter_from_records(lead)
        getattr(lead, "_prefetched_objects_cache", {}).pop("exculpatory", None)  # read anew, with what was entered


def enter_for_the_face(lead: Lead) -> None:
    """The same for every lead to this face that is not over: what happened to one is told to all at once."""
    for other in leads_of_the_face(lead).exclude(state=Lead.State.CLEARED):
        enter_from_records(other)


def enter_for_the_matter(case: Case) -> None:
    """The same for every lead of a case's matter that is not over, as when cases became one matter."""
    for lead in Lead.objects.filter(candidate__search__case__in=matter_of(case.pk)).exclude(state=Lead.State.CLEARED):
        enter_from_records(lead)


def tell_approved(case: Case | None = None) -> None:
    """Enter what came to the records since into the registers of approved leads, of a case's matter or of all (FR-27)."""
    approved = Lead.objects.filter(state=Lead.State.APPROVED).order_by("pk")
    for lead in approved.filter(case__in=matter_of(case.pk)) if case else approved:
        with transaction.atomic():
            make_whole(lead)
