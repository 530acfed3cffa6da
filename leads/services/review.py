"""Examinations: drafts, recording a conclusion."""

from typing import Any

from django.utils import timezone

from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from leads.models import Candidate, Examination, ExaminationDraft, ExaminationRequest, SearchRequest
from leads.models.examination import COMPONENTS
from leads.selectors.shown import of_comparison
from leads.services.lot import send_all_on


def save_draft(*, candidate: Candidate, examiner: User, data: dict) -> ExaminationDraft:
    """Keep what is filled in so far; nobody else sees it."""
    draft, _ = ExaminationDraft.objects.update_or_create(
        candidate=candidate, examiner=examiner, defaults={"data": data}
    )
    return draft


def note_look(*, asked: ExaminationRequest, actor: User, at: str) -> None:
    """Put on the record that the second examiner opened the page, or one of its two pictures, and when (AU-03)."""
    record(
        actor=actor,
        action="examination.opened",
        subject=asked,
        case_number=asked.candidate.search.case.case_number,
        looked_at=at,
    )


def note_first_look(*, search: SearchRequest, actor: User, place: int) -> None:
    """Put on the record when a first examiner opened a face, by its place in his order; the conclusion says when he closed it."""
    record(
        actor=actor,
        action="examination.opened",
        subject=search,
        case_number=search.case.case_number,
        looked_at=f"face {place}",
    )


def record_examination(
    *,
    candidate: Candidate,
    actor: User,
    position: int,
    components: dict[str, dict[str, str]],
    conclusion: str,
    basis: str,
    does_not_fit: str,
    shown: str | None = None,
) -> Examination:
    """Record one examiner's conclusion; it cannot be changed. The last on a list sends it on (FR-08). Raises PolicyDenied.

    `components`: each of the 19 keys to {"value": similar | different | not_visible, "note": words}.
    """
    facts: dict[str, Any] = {
        "position": position,
        "components": components,
        "conclusion": conclusion,
        "basis": basis,
        "does_not_fit": does_not_fit,
        "shown": seen(shown, lambda: of_comparison(candidate)),
    }
    with policy.door(actor, "review.conclude", candidate, **facts):
        examination = Examination.objects.create(
            candidate=candidate,
            examiner=actor,
            position=position,
            components=_tidy(components),
            conclusion=conclusion,
            basis=basis.strip(),
            does_not_fit=does_not_fit.strip(),
            certificate=actor.current_certificate,
        )
        ExaminationDraft.objects.filter(candidate=candidate, examiner=actor).delete()
        if position == 2:
            candidate.examination_requests.filter(examiner=actor, state="open").update(
                state=ExaminationRequest.State.DONE
            )
        _note(examination)
        if position == 1:
            send_all_on(candidate=candidate, actor=actor)
    return examination


def _tidy(components: dict) -> dict:
    return {
        key: {"value": components[key]["value"], "note": components[key].get("note", "").strip()} for key in COMPONENTS
    }


def _note(examination: Examination) -> None:
    """The first conclusion stays off the timeline until the second is recorded: who is asked next may read it.

    So does which face it was: who examines first knows no ranks.
    """
    candidate, second = examination.candidate, examination.position == 2
    concluded = f"examiner concluded: {examination.get_conclusion_display().lower()}."
    timeline.add(
        case=candidate.case,
        kind="examination",
        actor=examination.examiner,
        url=candidate.get_absolute_url() if second else candidate.search.get_absolute_url(),
        headline=f"Second {concluded}" if second else "First examination recorded.",
        detail=f"Candidate {candidate.rank} of {candidate.search.number}." if second else f"{candidate.in_decisions}.",
    )
    if second:
        first = candidate.examinations.get(position=1)
        timeline.add(
            case=candidate.case,
            kind="examination",
            url=candidate.get_absolute_url(),
            headline=f"First examiner had concluded: {first.get_conclusion_display().lower()}.",
            detail=f"Examined by {first.examiner.display_name}.",
        )
        if first.conclusion != examination.conclusion:
            timeline.add(
                case=candidate.case,
                kind="examination",
                url=candidate.get_absolute_url(),
                headline="The examiners disagree; this candidate goes no further.",
                at=timezone.now(),
            )
