"""What pages of parking show to somebody who decides there, in parts that can be told apart (`ecpd.policy.shown`)."""

from typing import Any

from django.db.models import Model

from parking.models import AbandonedVehicle, Alert, Citation, CitationDraft, Contest, ContestResult, Finding, TowOrder


def _row(found: Model | None) -> list[Any] | None:
    """All columns of a row; None for none."""
    return [getattr(found, field.attname) for field in found._meta.concrete_fields] if found is not None else None


def of_alert(alert: Alert) -> dict:
    """An alert, and whether a later read refuted it."""
    refuted = Finding.objects.filter(key=alert.key, state="refuted").values_list("refuted_why", flat=True)
    return alert_parts(alert, list(refuted))


def alert_parts(alert: Alert, refuted: list[str]) -> dict:
    """The parts, where a list has read the refutations of many alerts at once."""
    said = [alert.pk, alert.state, alert.kind, alert.plate, alert.plate_state, alert.vehicle]
    return {"the alert": said, "a later read that refutes it": refuted}


def of_draft(draft: CitationDraft) -> dict:
    """What a draft of a citation rests on."""
    return of_alert(draft.alert) if draft.alert is not None else {"the draft": draft.pk}


def of_contest(contest: Contest) -> dict:
    """A stage of a contest: what the owner says and sent, the citation, the results so far; read anew."""
    citation = Citation.objects.get(pk=contest.citation_id)
    entries = list(citation.entries.order_by("pk"))
    documents = list(contest.documents.order_by("pk"))
    results = list(ContestResult.objects.filter(contest__citation=citation).order_by("pk"))
    return _contest_parts(contest, citation, entries, documents, results)


def of_contest_page(contest: Contest, citation: Citation) -> dict:
    """The same parts from the very rows that the page has read and shows: a contest and a citation in full."""
    results = [c.result for c in citation.contests.all() if getattr(c, "result", None) is not None]
    rows = citation.entries.all(), contest.documents.all(), results
    return _contest_parts(contest, citation, *(sorted(found, key=lambda row: row.pk) for found in rows))


def _contest_parts(contest: Contest, citation: Citation, entries: list, documents: list, results: list) -> dict:
    return {
        "the citation": _row(citation),
        "its ledger": [(entry.pk, entry.kind, entry.amount_cents) for entry in entries],
        "the contest": _row(contest),
        "its documents": [(document.pk, document.sha256) for document in documents],
        "the results so far": [(result.pk, result.outcome, result.reason) for result in results],
    }


def of_matter(matter: AbandonedVehicle) -> dict:
    """An abandoned vehicle with its warning and looks."""
    return {
        "the vehicle": _row(matter),
        "the warning": _row(getattr(matter, "mark", None)),
        "the second look": [_row(look) for look in matter.looks.order_by("pk")],
    }


def of_tow(order: TowOrder) -> dict:
    """A tow with its notices and the hearing that is asked for."""
    return {
        "the order": _row(order),
        "its notices": list(order.notices.order_by("pk").values_list("pk", "sent_to", "sent_at")),
        "the hearing": _row(getattr(order, "hearing", None)),
    }
