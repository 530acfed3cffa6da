"""Issuing papers and recording that they were mailed."""

from datetime import date
from typing import Any

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy import versions
from ecpd.problem import StaleState
from parking import store
from parking.models import Citation, CitationNotice, ContestResult, NoticeMailing, PaymentPlan
from parking.paper.citation import citation_content
from parking.paper.notice import delinquent_content, plan_content, result_content
from parking.paper.typeset import typeset
from parking.selectors.ledger import balance

TEMPLATE = {"roll": "citation_roll", "letter": "citation_letter"}


def numbers_now() -> dict[str, Any]:
    """The settings of the manual in force."""
    return dict(versions.settings_in_force())


def _issue(citation: Citation, kind: str, content: dict[str, Any], *, by: User | None, **of) -> CitationNotice:
    """Typeset, store and record a paper; inside the transaction of whoever calls."""
    at = timezone.now().replace(microsecond=0)
    pdf = typeset(TEMPLATE.get(kind, "notice"), content, at=at)
    return CitationNotice.objects.create(
        citation=citation, kind=kind, content=content, sha256=store.store(pdf), size=len(pdf), issued_by=by,
        issued_at=at, **of,
    )  # fmt: skip


def issue_citation_papers(*, citation: Citation, by: User) -> list[CitationNotice]:
    """The citation itself, for the 80 mm printer and for letter paper."""
    content = citation_content(citation, numbers_now())
    return [_issue(citation, kind, content, by=by) for kind in ("roll", "letter")]


def issue_delinquent(*, citation: Citation, late_fee: int) -> CitationNotice:
    """The delinquent notice of tonight's run."""
    content = delinquent_content(
        citation, owed=balance(citation), late_fee=late_fee, on=timezone.localdate(), numbers=numbers_now()
    )
    return _issue(citation, "delinquent", content, by=None)


def issue_result(*, result: ContestResult, by: User) -> CitationNotice:
    """The result of a review or the decision of a hearing."""
    citation = result.contest.citation
    content = result_content(result, owed=balance(citation), on=timezone.localdate(), numbers=numbers_now())
    return _issue(citation, result.contest.stage, content, by=by, result=result)


def issue_plan(*, plan: PaymentPlan, covered: list[tuple[Citation, int]], by: User) -> CitationNotice:
    """The agreement on a plan, kept with its first citation."""
    content = plan_content(plan, covered, on=timezone.localdate(), numbers=numbers_now())
    return _issue(covered[0][0], "plan", content, by=by, plan=plan)


def typeset_again(notice: CitationNotice) -> bytes:
    """The paper made anew from its content: the same bytes as the stored ones."""
    return typeset(TEMPLATE.get(notice.kind, "notice"), notice.content, at=notice.issued_at)


def record_mailing(*, notice: CitationNotice, actor: User, on: date, by_hand: bool = False) -> NoticeMailing:
    """Enter the day a notice was mailed or handed over: it starts the owner's clock. Raises StaleState."""
    with policy.door(actor, "citation.payment", notice.citation):
        if NoticeMailing.objects.filter(notice=notice).exists():
            raise StaleState("The mailing of this notice is entered already.")
        if not timezone.localdate(notice.issued_at) <= on <= timezone.localdate():
            raise StaleState("A notice is mailed on the day it was issued or later, and not in the future.")
        return NoticeMailing.objects.create(notice=notice, on=on, by_hand=by_hand, by=actor)
