"""From picture to warrant: the steps of a lead as the chain component shows them."""

from typing import Any

from django.urls import reverse

from ecpd.policy import engine as policy
from ecpd.web.words import moment
from leads.models import Lead
from leads.selectors.lead import counting_items


def chain_of(lead: Lead) -> list[dict[str, Any]]:
    """Probe, search, two examiners, evidence, warrant."""
    search = lead.candidate.search
    return [
        {
            "state": "done", "title": "Probe", "text": f"{search.probe.label}, face {search.face['letter']}",
            "url": reverse("cases:evidence-detail", args=[lead.case.case_number, search.probe.number]),
            "detail": ("Quality passed" if search.quality_passed else "Searched for a reason")
            + (", edited copy" if search.probe.derived_from_id else ", not edited"),
        },
        {
            "state": "done", "title": "Search", "text": f"{search.number}, {search.requested_by.short_name}",
            "url": search.get_absolute_url(),
            "detail": f"Rank {lead.candidate.rank}, score {int(lead.candidate.match_score * 10) / 10}",
        },
        *[_examiner(examination) for examination in lead.candidate.examinations.all()],
        _evidence(lead),
        _warrant(lead),
    ]  # fmt: skip


def _examiner(examination) -> dict[str, Any]:
    return {
        "state": "done", "title": "First examiner" if examination.position == 1 else "Second, blind",
        "text": f"{examination.examiner.short_name}, {moment(examination.recorded_at).split(',')[0]}",
        "detail": examination.get_conclusion_display(),
    }  # fmt: skip


def _evidence(lead: Lead) -> dict[str, Any]:
    least = int(policy.parameter("corroboration_min"))
    counting = len(counting_items(lead, lineup_counts_alone=bool(policy.parameter("lineup_counts_alone"))))
    linked = [item for item in lead.corroborations.all() if item.withdrawn_at is None]
    waiting = sum(not hasattr(item, "verification") for item in linked)
    return {
        "state": "done" if counting >= least else "blocked", "title": "Evidence",
        "text": f"{counting} of {least} verified", "detail": f"{waiting} on the way" if waiting else "",
    }  # fmt: skip


def _warrant(lead: Lead) -> dict[str, Any]:
    newest = next(iter(lead.applications.all()), None)
    if lead.state == Lead.State.CLEARED:
        return {"state": "locked", "title": "Warrant", "text": "Cleared", "detail": "Nothing follows"}
    if newest is None:
        marked = lead.state == Lead.State.MARKED
        captain = lead.case.captain.short_name if lead.case.captain else "A captain"
        return {"state": "current" if marked else "locked", "title": "Warrant",
                "text": "Marked, not applied" if marked else "Not started", "detail": f"{captain} decides"}  # fmt: skip
    state = {"approved": "done", "denied": "blocked", "recalled": "blocked"}.get(newest.state, "current")
    return {"state": state, "title": "Warrant", "text": newest.number, "url": newest.get_absolute_url(),
            "detail": newest.get_state_display()}  # fmt: skip
