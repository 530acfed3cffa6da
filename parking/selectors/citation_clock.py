"""The clocks of a citation as they stand in its records, by the pure functions of parking.citations.clocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from ecpd.policy import versions
from parking.citations.clocks import Periods, Waiting, court_last_day, hearing_last_day, last_day, review_last_day
from parking.models import Citation, CitationNotice, Contest


def periods(parameters: Mapping[str, Any] | None = None) -> Periods:
    """The numbers of days of the manual in force, or of these parameters."""
    read = versions.settings_in_force() if parameters is None else parameters
    return Periods(
        review_after_issue=read["review_days_after_issue"],
        review_after_delinquent=read["review_days_after_delinquent"],
        hearing_after_result=read["hearing_days_after_result"],
        court_after_decision=read["court_days_after_decision"],
        court_mail_extension=read["court_mail_extension_days"],
    )


def waiting_for_copies(citation: Citation) -> list[Waiting]:
    """The days on which the owner waited for a copy."""
    return [
        Waiting(timezone.localdate(copy.asked_at), copy.sent_at and timezone.localdate(copy.sent_at))
        for copy in citation.copies.all()
    ]


def mailed(citation: Citation, kind: str) -> CitationNotice | None:
    """The newest notice of this kind that was mailed or handed over; its `mailing` is there."""
    sent = [n for n in citation.notices.all() if n.kind == kind and getattr(n, "mailing", None) is not None]
    return max(sent, key=lambda notice: notice.pk, default=None)


@dataclass(frozen=True)
class Clock:
    """One clock: what it is for, its last day (None: it does not run now) and why.

    `is_open`: the owner may ask already, though no last day counts yet.
    """

    stage: str
    words: str
    last_day: date | None
    why: str
    is_open: bool = False

    def is_over(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.last_day is not None and today > self.last_day


def clocks_of(citation: Citation, numbers: Periods | None = None) -> list[Clock]:
    """The three clocks; reads the citation's prefetched copies and notices."""
    numbers = numbers or periods()
    return [_review(citation, numbers), _hearing(citation, numbers), _court(citation, numbers)]


def clocks_ahead(citation: Citation, numbers: Periods | None = None) -> list[Clock]:
    """The clocks of the stages that are not decided, for pages; a canceled citation has none."""
    if citation.is_canceled:
        return []
    decided = _decided(citation)
    return [clock for clock in clocks_of(citation, numbers) if clock.stage not in decided]


def _decided(citation: Citation) -> set[str]:
    """Stages with their result; a mismatch with the registration takes no stage's place (PK-13)."""
    decided = [contest for contest in citation.contests.all() if contest.state == Contest.State.DECIDED]
    return {contest.stage for contest in decided if contest.grounds != Contest.Grounds.MISMATCH}


def clock_for(citation: Citation, stage: str, numbers: Periods | None = None) -> Clock:
    """The clock of one stage."""
    return next(clock for clock in clocks_of(citation, numbers) if clock.stage == stage)


def _review(citation: Citation, numbers: Periods) -> Clock:
    delinquent = mailed(citation, "delinquent")
    waiting = waiting_for_copies(citation)
    last = review_last_day(
        issued_on=timezone.localdate(citation.issued_at),
        delinquent_mailed_on=delinquent.mailing.on if delinquent else None,
        waiting=waiting,
        periods=numbers,
    )
    why = f"{numbers.review_after_issue} days from issue"
    if delinquent:
        why += (
            f", or {numbers.review_after_delinquent} from mailing of the delinquent notice on {delinquent.mailing.on}"
        )
    if waiting:
        why += "; days spent waiting for a copy are not counted"
    return Clock("review", "Initial review", last, f"{why}." if last else "It waits until the copy is sent.")


def _hearing(citation: Citation, numbers: Periods) -> Clock:
    result = mailed(citation, "review")
    if result is None:
        return _not_mailed(citation, "hearing", "Hearing", after="review", what="result of the initial review")
    why = f"{numbers.hearing_after_result} days from mailing of the result on {result.mailing.on}."
    return Clock("hearing", "Hearing", hearing_last_day(result_mailed_on=result.mailing.on, periods=numbers), why)


def _not_mailed(citation: Citation, stage: str, words: str, *, after: str, what: str) -> Clock:
    filed = [(contest.stage, contest.state) for contest in citation.contests.all()]
    if (stage, Contest.State.OPEN) in filed:
        return Clock(stage, words, None, "It was asked for.")
    if (after, Contest.State.DECIDED) in filed:
        return Clock(stage, words, None, f"The last day counts from the mailing of the {what}.", is_open=True)
    return Clock(stage, words, None, f"It follows the {what}.")


def _court(citation: Citation, numbers: Periods) -> Clock:
    decision = mailed(citation, "hearing")
    if decision is None:
        return _not_mailed(citation, "court", "Superior court", after="hearing", what="decision of the hearing")
    by_mail = not decision.mailing.by_hand
    last = court_last_day(decision_sent_on=decision.mailing.on, by_mail=by_mail, periods=numbers)
    extra = f", and {numbers.court_mail_extension} because it went by mail" if by_mail else ""
    return Clock("court", "Superior court", last, f"{numbers.court_after_decision} days from the decision{extra}.")


def due_last_day(citation: Citation) -> date | None:
    """The last day to pay before a delinquent notice: days waiting for a copy are not counted. None while one waits."""
    days = versions.settings_in_force()["payment_due_days"]
    return last_day(timezone.localdate(citation.issued_at), days, waiting_for_copies(citation))
