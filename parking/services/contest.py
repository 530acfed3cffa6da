"""Filing a contest and deciding it, stage by stage (PK-12, PK-13)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.files import all_or_nothing
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from parking import store
from parking.citations.upload import Upload, media_type_of
from parking.models import Citation, CitationHold, Contest, ContestDocument, ContestResult
from parking.selectors.citation import citation_in_full
from parking.selectors.contest import may_file
from parking.selectors.ledger import charged, deposit_missing
from parking.selectors.shown import of_contest
from parking.services import citation as citations
from parking.services import ledger
from parking.services.citation_hold import pause, resume
from parking.services.notice import issue_result

ACTION = {"review": "contest.review", "hearing": "contest.hear", "court": "contest.court"}
PAUSE = "The owner contests it."


class NotNow(StaleState):
    """A stage that cannot be filed on this day."""

    code = "contest_not_now"
    title = "This cannot be filed now"


def file_contest(
    *, citation: Citation, actor: User, stage: str, details: dict[str, Any], uploads: Iterable[Upload] = (),
    late_reason: str = "",
) -> Contest:  # fmt: skip
    """Enter what an owner filed by mail, phone or at the counter. `details` holds fields of Contest.

    Raises PolicyDenied; a late one is taken with a reason of 20 characters.
    """
    contest = Contest(citation=citation, stage=stage, entered_by=actor, late_reason=late_reason.strip(), **details)
    with policy.door(actor, "contest.file", citation, justification=late_reason, contest=contest) as decision:
        contest.decision = decision
        return _keep(contest, uploads)


def file_online(*, citation: Citation, stage: str, details: dict[str, Any], uploads: Iterable[Upload] = ()) -> Contest:
    """Take what an owner filed online, without an account. Raises NotNow with the reason in words."""
    contest = Contest(citation=citation, stage=stage, channel=Contest.Channel.ONLINE, **details)
    with all_or_nothing(), transaction.atomic():
        Citation.objects.select_for_update().get(pk=citation.pk)
        answer = may_file(citation_in_full(pk=citation.pk), stage, grounds=contest.grounds)
        if not answer.allowed:
            raise NotNow(answer.words)
        if stage == Contest.Stage.HEARING and not contest.deposit_waived and deposit_missing(citation) > 0:
            raise NotNow("Before a hearing the penalty is deposited. If you are unable to pay, ask for a waiver.")
        _keep(contest, uploads)
        record(actor=None, action="contest.filed_online", subject=contest, actor_label=labels.OWNER_ONLINE, stage=stage)
    return contest


def _keep(contest: Contest, uploads: Iterable[Upload]) -> Contest:
    """The contest, its documents, and collection paused until its result."""
    citation = citation_in_full(pk=contest.citation_id)
    contest.last_day = may_file(citation, contest.stage, grounds=contest.grounds).clock.last_day
    contest.full_clean()
    contest.save()
    for upload in uploads:
        ContestDocument.objects.create(
            contest=contest, name=upload.name[:255], sha256=store.store(upload.content), size=len(upload.content),
            media_type=media_type_of(upload),
        )  # fmt: skip
    pause(citation, kind=CitationHold.Kind.CONTEST, reason=PAUSE, by=contest.entered_by)
    return contest


def schedule_hearing(*, contest: Contest, actor: User, at: datetime, held_at: str) -> Contest:
    """Set when and where a hearing is held. Raises PolicyDenied, StaleState."""
    facts: dict[str, Any] = {"day": timezone.localdate(at), "shown": seen(None, lambda: of_contest(contest))}
    with policy.door(actor, "contest.schedule", contest, **facts):
        if contest.state != Contest.State.OPEN or contest.stage != Contest.Stage.HEARING:
            raise StaleState("This hearing is not waiting to be held.")
        contest.scheduled_at, contest.held_at = at, held_at.strip()
        contest.save(update_fields=["scheduled_at", "held_at"])
    return contest


def withdraw(*, contest: Contest, actor: User, reason: str) -> Contest:
    """Note that the owner takes a contest back; collection resumes. Raises PolicyDenied, StaleState."""
    facts = {"shown": seen(None, lambda: of_contest(Contest.objects.get(pk=contest.pk)))}
    with policy.door(actor, "contest.withdraw", contest, justification=reason, **facts):
        contest.refresh_from_db()
        if contest.state != Contest.State.OPEN:
            raise StaleState("This contest is decided already.")
        contest.state = Contest.State.WITHDRAWN
        contest.save(update_fields=["state"])
        _resume(contest, by=actor, reason=reason)
    return contest


def decide(
    *, contest: Contest, actor: User, outcome: str, reason: str, reduced_by_cents: int = 0,
    registration_matches: bool | None = None, registration_words: str = "", court_number: str = "",
    shown: str | None = None,
) -> ContestResult:  # fmt: skip
    """Give the result of this stage with its reason: the ledger, the citation and the notice follow.

    A manager decides a review, an independent examiner a hearing; a court's decision is entered. Raises PolicyDenied,
    StaleState when a reduction is more than was charged.
    """
    facts = {"outcome": outcome, "registration_matches": registration_matches,
             "shown": seen(shown, lambda: of_contest(contest))}  # fmt: skip
    with policy.door(actor, ACTION[contest.stage], contest, justification=reason, **facts) as decision:
        result = ContestResult(
            contest=contest, outcome=outcome, reason=reason.strip(), reduced_by_cents=reduced_by_cents,
            registration_matches=registration_matches, registration_words=registration_words.strip(),
            court_number=court_number.strip(), decided_by=actor, decision=decision,
        )  # fmt: skip
        result.full_clean()
        result.save()
        contest.state = Contest.State.DECIDED
        contest.save(update_fields=["state"])
        _carry_out(result, by=actor, decision=decision)
        _resume(contest, by=actor, reason=f"Decided: {result.get_outcome_display()}.")
        if contest.stage != Contest.Stage.COURT:
            issue_result(result=result, by=actor)
    return result


def _carry_out(result: ContestResult, *, by: User, decision) -> None:
    citation = Citation.objects.select_for_update().get(pk=result.contest.citation_id)
    if result.outcome == ContestResult.Outcome.DISMISSED:
        citations.cancel(citation, by=by, reason=result.reason, ground=result.contest.stage, decision=decision)
    elif result.outcome == ContestResult.Outcome.REDUCED:
        if result.reduced_by_cents > charged(citation):
            raise StaleState("The reduction is more than was charged; cancel the citation instead.")
        ledger.reduce(citation, cents=result.reduced_by_cents, by=by, reason=result.reason, decision=decision)


def _resume(contest: Contest, *, by: User, reason: str) -> None:
    """Collection goes on, unless another contest of the citation is open still."""
    if contest.citation.contests.filter(state=Contest.State.OPEN).exists():
        return
    live = contest.citation.holds.filter(kind=CitationHold.Kind.CONTEST, released_at__isnull=True)
    for hold in live:
        resume(hold, by=by, reason=reason)
