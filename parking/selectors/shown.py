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


def of_citation(citation: Citation) -> dict:
    """A citation with its ledger and whether it is attached."""
    return {
        "the citation": _row(citation),
        "its ledger": list(citation.entries.order_by("pk").values_list("pk", "kind", "amount_cents")),
    }


def of_contest(contest: Contest) -> dict:
    """A stage of a contest: what the owner says and sent, the citation, the results so far."""
    earlier = ContestResult.objects.filter(contest__citation=contest.citation_id).order_by("pk")
    return {
        **of_citation(Citation.objects.get(pk=contest.citation_id)),
        "the contest": _row(contest),
        "its documents": list(contest.documents.order_by("pk").values_list("pk", "sha256")),
        "the results so far": list(earlier.values_list("pk", "outcome", "reason")),
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
