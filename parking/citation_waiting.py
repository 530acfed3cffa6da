"""What waits for people in citations, for the dashboard; each provider is a constant number of queries."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from ecpd.policy import engine as policy
from ecpd.web.dashboard import WaitingItem
from parking.models import Citation, CitationCopy, CitationDraft, Contest
from parking.selectors.alert import uncited
from parking.selectors.citation import citations
from parking.selectors.contest import waiting_hearings, waiting_reviews
from parking.selectors.notice import notices_to_mail
from parking.selectors.plan import open_requests

SHOWN = 10


def reviews(user: Any) -> list[WaitingItem]:
    """Initial reviews, without those of citations this manager issued."""
    if not user.may("contest.review"):
        return []
    waiting = waiting_reviews().exclude(citation__issued_by=user)[:SHOWN]
    return [
        WaitingItem(f"Review {contest.citation.number}", f"{contest.get_grounds_display()}.", contest.get_absolute_url(),
                    action_label="Review")
        for contest in waiting
    ]  # fmt: skip


def hearings(user: Any) -> list[WaitingItem]:
    """Hearings, due within their days of being asked for."""
    if not user.may("contest.hear"):
        return []
    days = timedelta(days=int(policy.parameter("hearing_held_within_days")))
    return [
        WaitingItem(f"Hear {contest.citation.number}", f"{contest.get_manner_display() or 'In any manner'}.",
                    contest.get_absolute_url(), due=timezone.localdate(contest.scheduled_at or contest.filed_at + days),
                    action_label=_next_of(contest))
        for contest in waiting_hearings()[:SHOWN]
    ]  # fmt: skip


def _next_of(contest: Contest) -> str:
    """What an examiner does next: only a hearing in writing, or one whose moment has come, is decided."""
    if contest.manner == Contest.Manner.WRITING:
        return "Read and decide"
    if contest.scheduled_at is None:
        return "Set the day"
    local = timezone.localtime(contest.scheduled_at)
    return f"Hear on {local:%b} {local.day}" if local > timezone.now() else "Decide"


def copies(user: Any) -> list[WaitingItem]:
    """Copies that owners asked for."""
    if not user.may("citation.hold"):
        return []
    waiting = CitationCopy.objects.filter(sent_at=None).select_related("citation").order_by("due_on")[:SHOWN]
    return [
        WaitingItem(f"Send a copy of {copy.citation.number}", f"{copy.asked_by} asked for it.",
                    copy.citation.get_absolute_url(), due=copy.due_on)
        for copy in waiting
    ]  # fmt: skip


def requests_for_help(user: Any) -> list[WaitingItem]:
    """Requests for a plan or a reduction."""
    if not user.may("citation.plan"):
        return []
    return [
        WaitingItem(f"Answer on {asked.citation.number}", f"{asked.get_asked_display()}, asked by {asked.name}.",
                    asked.citation.get_absolute_url(), action_label="Answer")
        for asked in open_requests()[:SHOWN]
    ]  # fmt: skip


def mail_and_refunds(user: Any) -> list[WaitingItem]:
    """Notices that wait to be mailed, and refunds that are owed."""
    if not user.may("citation.payment"):
        return []
    items = []
    if count := notices_to_mail().aggregate(n=Count("pk"))["n"]:
        words = "An owner's clock starts with the day of mailing."
        items.append(WaitingItem(f"Mail {count} notice{'' if count == 1 else 's'}", words,
                                 reverse("parking:citation-notices"), action_label="See them"))  # fmt: skip
    drove_off = Q(delivery__how="drove_off", delivered=False, state=Citation.State.ISSUED)
    for citation in citations().filter(drove_off | Q(standing="refund")).order_by("pk")[:SHOWN]:
        items.append(_refund(citation) if citation.owed < 0 else _drove_off(citation))
    return items


def _drove_off(citation: Any) -> WaitingItem:
    days = timedelta(days=int(policy.parameter("drove_off_mail_days")))
    return WaitingItem(f"Mail {citation.number} to the owner", "The vehicle drove off before it could be attached.",
                       reverse("parking:citation-notices"), due=timezone.localdate(citation.issued_at) + days)  # fmt: skip


def _refund(citation: Any) -> WaitingItem:
    words = f"${-citation.owed / 100:.2f} was paid beyond what is owed."
    return WaitingItem(f"Refund on {citation.number}", words, citation.get_absolute_url())


def to_attach(user: Any) -> list[WaitingItem]:
    """Citations this officer issued and has not said to be attached."""
    if not user.may("citation.attach"):
        return []
    mine = Citation.objects.filter(issued_by=user, delivery=None, state=Citation.State.ISSUED)[:SHOWN]
    return [
        WaitingItem(f"Attach {citation.number}", citation.place, reverse("parking:citation-print", args=[citation.number]),
                    action_label="Print and attach")
        for citation in mine
    ]  # fmt: skip


def to_write(user: Any) -> list[WaitingItem]:
    """What this officer confirmed in the console and issued no citation for, and drafts begun by hand."""
    if not user.may("citation.issue"):
        return []
    alerts = [
        WaitingItem(f"{'Finish' if hasattr(alert, 'citation_draft') else 'Write'} the citation for {alert.plate}",
                    f"You confirmed: {alert.get_kind_display().lower()}, {alert.place or 'place not known'}.",
                    reverse("parking:citation-from-alert", args=[alert.pk]), action_label="Write it",
                    kind="warn", status="Not issued")
        for alert in uncited(user)[:SHOWN]
    ]  # fmt: skip
    by_hand = CitationDraft.objects.filter(officer=user, alert=None).order_by("pk")[:SHOWN]
    return alerts + [
        WaitingItem("Finish a citation", f"Draft {draft.pk}: {draft.answers.get('plate') or 'no plate yet'}.",
                    draft.get_absolute_url(), action_label="Go on", status="Not issued")
        for draft in by_hand
    ]  # fmt: skip


PROVIDERS = (to_write, to_attach, reviews, hearings, copies, requests_for_help, mail_and_refunds)
