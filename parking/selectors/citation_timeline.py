"""What happened to a citation, in its order: who, what, why. From its own records; nothing is written twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parking.citations.money import dollars
from parking.models import Citation


@dataclass(frozen=True)
class Event:
    """One thing that happened. `kind` is "", "key" or "stop", as the timeline component draws it."""

    at: datetime
    title: str
    words: str = ""
    who: str = ""
    kind: str = ""


def timeline_of(citation: Citation) -> list[Event]:
    """Every event of a citation read by `citation_in_full`, the newest first."""
    gathered = [*_issue(citation), *_money(citation), *_pauses(citation), *_papers(citation), *_contests(citation),
                *_plans(citation)]  # fmt: skip
    return sorted(gathered, key=lambda event: event.at, reverse=True)


def _who(user: Any) -> str:
    return user.short_name if user is not None else "the nightly run"


def _issue(citation: Citation) -> list[Event]:
    events = [Event(citation.issued_at, "Issued.", f"{citation.section}, {dollars(citation.amount_cents)}.",
                    _who(citation.issued_by), "key")]  # fmt: skip
    if delivery := getattr(citation, "delivery", None):
        events.append(
            Event(
                delivery.at,
                f"{delivery.get_how_display()}.",
                f"{delivery.where.rstrip('.')}." if delivery.where else "",
                _who(delivery.by),
            )
        )
    if void := getattr(citation, "void", None):
        events.append(Event(void.at, f"{void.get_ground_display()}.", void.reason, _who(void.by), "stop"))
    return events


def _money(citation: Citation) -> list[Event]:
    entries = [e for e in citation.entries.all() if e.kind not in ("penalty", "void")]
    return [
        Event(e.at, f"{e.get_kind_display()} {dollars(e.amount_cents)}.", e.reason or e.reference, _who(e.by))
        for e in entries
    ]


def _pauses(citation: Citation) -> list[Event]:
    events = []
    for hold in citation.holds.all():
        placed_by = _who(hold.placed_by) if hold.placed_by else "the owner, online"
        events.append(Event(hold.placed_at, "Collection paused.", hold.reason, placed_by))
        if hold.released_at:
            events.append(Event(hold.released_at, "Collection resumed.", hold.released_reason, _who(hold.released_by)))
    return events


def _papers(citation: Citation) -> list[Event]:
    events = []
    for notice in citation.notices.all():
        if notice.is_mailed_out:
            events.append(Event(notice.issued_at, f"{notice.get_kind_display()} issued.", "", _who(notice.issued_by)))
        if mailing := getattr(notice, "mailing", None):
            how = "handed over" if mailing.by_hand else "mailed"
            words = f"{notice.get_kind_display()} {how} on {mailing.on}."
            events.append(Event(mailing.at, words, "", _who(mailing.by), "key"))
    return events


def _contests(citation: Citation) -> list[Event]:
    events = []
    for contest in citation.contests.all():
        who = _who(contest.entered_by) if contest.entered_by else "the owner, online"
        events.append(Event(contest.filed_at, f"{contest.get_stage_display()} asked for.", contest.words, who, "key"))
        if result := getattr(contest, "result", None):
            words = f"{contest.get_stage_display()}: {result.get_outcome_display().lower()}."
            events.append(Event(result.at, words, result.reason, _who(result.decided_by), "key"))
    return events


def _plans(citation: Citation) -> list[Event]:
    events = []
    for asked in citation.plan_requests.all():
        who = "the owner, online" if asked.entered_by_id is None else "staff"
        events.append(Event(asked.asked_at, f"Asked to {asked.get_asked_display().lower()}.", asked.words, who))
        if asked.answered_at:
            title = f"Request {asked.get_state_display().lower()}."
            events.append(Event(asked.answered_at, title, asked.answer, _who(asked.answered_by)))
    for covered in citation.plans.all():
        events.append(Event(covered.plan.granted_at, f"{covered.plan}.", covered.plan.reason, "", "key"))
        if covered.plan.ended_at:
            title = f"Plan {covered.plan.get_state_display().lower()}."
            events.append(Event(covered.plan.ended_at, title, covered.plan.ended_reason))
    return events
