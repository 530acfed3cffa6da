"""The exculpatory register: entering and answering what speaks against a lead (FR-18)."""

from django.core.exceptions import ValidationError

from cases.models import Evidence
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from leads.models import Candidate, Examination, ExculpatoryAnswer, ExculpatoryEntry, Lead, SearchRequest
from leads.selectors.review import other_examinations
from leads.selectors.shown import of_entry

NOTHING = {"nothing", "nothing.", "none", "none.", "nothing known", "nothing known.", "nothing seen."}


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
    return entry


def answer(*, entry: ExculpatoryEntry, actor: User, outcome: str, text: str) -> ExculpatoryAnswer:
    """Answer an entry: how it is explained, or why it stays open. Raises ValidationError."""
    if len(text.strip()) < 10:
        raise ValidationError("Say in a sentence how it is explained, or why it stays open.")
    with policy.door(actor, "exculpatory.answer", entry, shown=seen(None, lambda: of_entry(entry))):
        given = ExculpatoryAnswer(entry=entry, outcome=outcome, text=text.strip(), answered_by=actor)
        given.full_clean()
        given.save()
        timeline.add(
            case=entry.lead.case,
            kind="corroboration",
            actor=actor,
            url=entry.lead.get_absolute_url(),
            headline=f"{given.get_outcome_display()}: {entry.what[:120]}",
            detail=text,
        )
    return given


def enter_from_records(lead: Lead) -> None:
    """Enter what the records themselves say against a lead (idempotent): doubts of the examiners, other candidates at
    or above the bar, other searches of the case that ended without this person. Call inside a door.
    """
    for examination in lead.candidate.examinations.all():
        _from_examination(lead, examination)
    for examination in other_examinations(lead.case).exclude(candidate=lead.candidate_id):
        _from_elsewhere(lead, examination)
    bar = lead.candidate.search.threshold
    for other in lead.candidate.search.candidates.exclude(pk=lead.candidate_id).filter(match_score__gte=bar):
        _from_candidate(lead, other)
    others = SearchRequest.objects.filter(case=lead.case, state="done").exclude(pk=lead.candidate.search_id)
    for search in others.prefetch_related("candidates__face__photo"):
        if not any(_same_photo(candidate, lead.candidate) for candidate in search.candidates.all()):
            what = f"{search.number} of this case ended without this person among its candidates."
            _enter(lead, f"search {search.pk}", ExculpatoryEntry.Kind.FAILED_SEARCH, what)


def _from_examination(lead: Lead, examination: Examination) -> None:
    which = "first" if examination.position == 1 else "second"
    if examination.does_not_fit.strip().lower() not in NOTHING:
        _enter(
            lead,
            f"examination {examination.pk}",
            ExculpatoryEntry.Kind.EXAMINER_DOUBT,
            f"The {which} examiner on what does not fit: {examination.does_not_fit}",
        )
    for number, (component, note) in enumerate(examination.differences):
        _enter(
            lead,
            f"examination {examination.pk}.{number}",
            ExculpatoryEntry.Kind.EXAMINER_DOUBT,
            f"The {which} examiner saw a difference, {component.lower()}: {note}",
        )


def _from_elsewhere(lead: Lead, examination: Examination) -> None:
    other = examination.candidate
    same = _same_photo(other, lead.candidate)
    if examination.conclusion == "possible_match" and not same:
        what = f"An examiner thought another person possible as well: candidate {other.rank} of {other.search.number}."
        _enter(lead, f"elsewhere {examination.pk}", ExculpatoryEntry.Kind.OTHER_CANDIDATE, what)
    if examination.conclusion != "possible_match" and same:
        words = examination.get_conclusion_display().lower()
        what = f"The same photo or person was examined in {other.search.number}: {words}. {examination.basis}"
        _enter(lead, f"elsewhere {examination.pk}", ExculpatoryEntry.Kind.EXAMINER_DOUBT, what)


def _from_candidate(lead: Lead, other: Candidate) -> None:
    name = other.snapshot.get("published_name") or "no name on the page"
    _enter(
        lead,
        f"candidate {other.pk}",
        ExculpatoryEntry.Kind.OTHER_CANDIDATE,
        f"Candidate {other.rank} ({name}) also reached {int(other.match_score * 10) / 10}.",
    )


def _same_photo(one: Candidate, other: Candidate) -> bool:
    same_subject = one.face.photo.subject_id and one.face.photo.subject_id == other.face.photo.subject_id
    return bool(one.face_id == other.face_id or same_subject)


def _enter(lead: Lead, origin: str, kind: str, what: str) -> None:
    """Once in these words: a row of the same origin that says something else is no reason to be silent."""
    ExculpatoryEntry.objects.get_or_create(lead=lead, origin=origin, kind=kind, what=what)
