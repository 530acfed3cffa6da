"""The second examiner is drawn by lot: by the system, among all who know nothing of the matter; nobody chooses (FR-08)."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from leads.models import Candidate, ExaminationDraft, ExaminationRequest
from leads.selectors.lot import lot_of, not_compared, of_its_list, why_replace
from leads.selectors.search import result_words

Replaced = ExaminationRequest.Replaced


def pick(people: Sequence[int]) -> int:
    """One of these people, each as likely as every other."""
    return secrets.SystemRandom().choice(people)


def draw_second_examiner(*, candidate: Candidate, actor: User) -> ExaminationRequest | None:
    """Draw the second examiner, or another one for who could not examine; None where nobody is left. Raises PolicyDenied."""
    with policy.door(actor, "review.assign", candidate):
        for asked in candidate.examination_requests.filter(state="open"):
            replace(asked=asked, because=why_replace(asked))
        return draw(candidate=candidate, actor=actor)


def send_all_on(*, candidate: Candidate, actor: User) -> None:
    """With the last conclusion on a list: a second examiner for each candidate at or above the bar, whatever was concluded.

    To be called under the door of that conclusion.
    """
    if not_compared(candidate):
        return
    listed = of_its_list(candidate)
    if listed and not ExaminationRequest.objects.filter(candidate__search=candidate.search_id).exists():
        _note_the_result(candidate)
    for one in listed:
        if not one.sent:
            draw(candidate=one.candidate, actor=actor)


def draw(*, candidate: Candidate, actor: User) -> ExaminationRequest | None:
    """Draw one of the lot under a door that is open already; None where the lot is empty."""
    people = lot_of(candidate)
    if not people:
        _note(candidate, f"Nobody could be drawn to examine candidate {candidate.rank} as second.", actor)
        return None
    hours = policy.parameter("second_exam_hours")
    asked = ExaminationRequest.objects.create(
        candidate=candidate, asked_by=actor, examiner_id=pick(people), lot_size=len(people),
        due_on=timezone.localdate(timezone.now() + timedelta(hours=hours)),
    )  # fmt: skip
    _note(candidate, f"Second examiner of candidate {candidate.rank} drawn by lot among {len(people)}.", actor)
    return asked


def replace(*, asked: ExaminationRequest, because: str) -> None:
    """End a request without an answer; what was filled in stays with it. Under a door that is open already."""
    drafts = ExaminationDraft.objects.filter(candidate=asked.candidate_id, examiner=asked.examiner_id)
    ExaminationRequest.objects.filter(pk=asked.pk).update(
        state=ExaminationRequest.State.WITHDRAWN, replaced_because=because,
        draft=drafts.values_list("data", flat=True).first(),
    )  # fmt: skip
    drafts.delete()


def say_nothing_is_known(*, asked: ExaminationRequest, actor: User) -> None:
    """Who was drawn says, before anything is shown, that he or she knows nothing of the case. Raises PolicyDenied."""
    with policy.door(actor, "review.answer", asked):
        ExaminationRequest.objects.filter(pk=asked.pk, knew_nothing_at__isnull=True).update(
            knew_nothing_at=timezone.now()
        )


def say_something_is_known(*, asked: ExaminationRequest, actor: User) -> None:
    """Who was drawn knows something: all that waits for him or her in this list goes to others. Raises PolicyDenied."""
    search, waiting = asked.candidate.search_id, ExaminationRequest.objects.filter(examiner=actor, state="open")
    with policy.door(actor, "review.answer", asked):
        ended = list(waiting.filter(candidate__search=search).select_related("candidate__search__case", "asked_by"))
        for one in ended:
            replace(asked=one, because=Replaced.KNOWS)
    for one in ended:
        draw_again(candidate=one.candidate, actor=one.asked_by)


def draw_again(*, candidate: Candidate, actor: User) -> None:
    """Draw another in the name of who had the last one drawn, while that person may; others find it on the page."""
    if policy.allows(actor, "review.assign", candidate):
        draw_second_examiner(candidate=candidate, actor=actor)


def replace_who_cannot_examine() -> int:
    """Draw others for who is late or may not examine any more, where there are others; returns for how many."""
    drawn = ExaminationRequest.objects.filter(state="open", lot_size__isnull=False)
    overdue = [asked for asked in drawn.select_related("candidate__search__case", "asked_by") if why_replace(asked)]
    for asked in overdue:
        draw_again(candidate=asked.candidate, actor=asked.asked_by)
    return len(overdue)


def _note_the_result(candidate: Candidate) -> None:
    """What a search found comes onto the timeline as its list is kept from no examiner any more."""
    search = candidate.search
    timeline.add(
        case=candidate.case, kind="search", url=search.get_absolute_url(),
        headline=f"Each face of {search.number} is compared.",
        detail=result_words(search, search.candidates.count()),
    )  # fmt: skip


def _note(candidate: Candidate, headline: str, actor: User) -> None:
    timeline.add(
        case=candidate.case, kind="examination", actor=actor, url=candidate.get_absolute_url(), headline=headline
    )
