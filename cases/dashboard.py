"""What cases add to the dashboard: open cases, and merges that wait for a decision."""

from django.urls import reverse

from cases.selectors import merges_waiting_for, open_cases_of
from ecpd.web.dashboard import OpenCase, WaitingItem
from ecpd.web.words import moment


def open_cases(user) -> list[OpenCase]:
    """The person's open cases, newest event first."""
    if not user.may("case.view"):
        return []
    return [
        OpenCase(
            number=case.case_number,
            url=case.get_absolute_url(),
            offense=case.title,
            place=case.offense.name,
            kind="lock" if case.sealed else "info",
            status="Sealed" if case.sealed else case.get_status_display(),
            last_event=f"{moment(case.last_event_at)}. {case.newest or ''}",
        )
        for case in open_cases_of(user)
    ]


def merges(user) -> list[WaitingItem]:
    """Proposals of colleagues that two entries are one person."""
    if not user.may("person.merge.decide"):
        return []
    return [
        WaitingItem(
            title=f"Decide: are {merge.duplicate} and {merge.keep} one person?",
            detail=f"{merge.case}. Proposed by {merge.proposed_by.short_name}.",
            url=reverse("cases:merge", args=[merge.case.case_number]),
            action_label="Decide",
        )
        for merge in merges_waiting_for(user)
    ]
