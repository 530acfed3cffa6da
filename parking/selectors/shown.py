"""What pages of parking show to somebody who decides there, in parts that can be told apart (`ecpd.policy.shown`)."""

from collections.abc import Iterable

from django.db.models import Model

from ecpd.policy.shown import as_row, of_row, row
from parking.models import (
    AbandonedVehicle,
    Alert,
    Citation,
    CitationDraft,
    Contest,
    ContestResult,
    Device,
    Finding,
    Permit,
    PermitApplication,
    TowOrder,
)
from parking.selectors.permit import claimed_by_others


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
        "the citation": row(citation),
        "its ledger": [(entry.pk, entry.kind, entry.amount_cents) for entry in entries],
        "the contest": row(contest),
        "its documents": [(document.pk, document.sha256) for document in documents],
        "the results so far": [(result.pk, result.outcome, result.reason) for result in results],
    }


def of_matter(matter: AbandonedVehicle) -> dict:
    """An abandoned vehicle with its warning and looks."""
    return {
        "the vehicle": row(matter),
        "the warning": row(getattr(matter, "mark", None)),
        "the second look": [row(look) for look in matter.looks.order_by("pk")],
    }


def of_tow(order: TowOrder) -> dict:
    """A tow with its notices, the removal, the hearing that is asked for and the end."""
    return {
        "the order": row(order),
        "its notices": list(order.notices.order_by("pk").values_list("pk", "sent_to", "sent_at")),
        "the removal": row(getattr(order, "removal", None)),
        "the hearing": row(getattr(order, "hearing", None)),
        "its result": row(getattr(getattr(order, "hearing", None), "result", None)),
        "its end": row(getattr(order, "end", None)),
    }


def of_citation(citation: Citation, beside: Model | None = None) -> dict:
    """A citation with its ledger, what pauses it, who contests it and asks for help; and one row beside it: a pause, a
    plan, a request, a payment. Read anew.
    """
    return _citation_parts(Citation.objects.get(pk=citation.pk)) | (of_row(beside) if beside is not None else {})


def of_citation_page(citation: Citation, beside: Model | None = None) -> dict:
    """The same parts from the rows that the page has read: a citation in full."""
    return _citation_parts(citation) | (as_row(beside) if beside is not None else {})


def _citation_parts(citation: Citation) -> dict:
    return {
        "the citation": row(citation),
        "its ledger": sorted((entry.pk, entry.kind, entry.amount_cents) for entry in citation.entries.all()),
        "its pauses": sorted((hold.pk, str(hold.released_at)) for hold in citation.holds.all()),
        "its contests": sorted((contest.pk, contest.state) for contest in citation.contests.all()),
        "requests for help": sorted((asked.pk, asked.state) for asked in citation.plan_requests.all()),
    }


def of_application(application: PermitApplication) -> dict:
    """An application for a permit with its documents, and who else claims its address; read anew."""
    found = PermitApplication.objects.get(pk=application.pk)
    return application_parts(found, claimed_by_others(found))


def application_parts(application: PermitApplication, others: Iterable[PermitApplication]) -> dict:
    """The same, where a list has read what many applications have beside them at once."""
    return {
        "the application": row(application),
        "its documents": [(document.pk, document.sha256) for document in application.documents.all()],
        "who else has the address": sorted((other.pk, other.state) for other in others),
    }


def of_permit(permit: Permit) -> dict:
    """A permit with its plates and warnings; read anew."""
    return of_permit_page(Permit.objects.get(pk=permit.pk))


def of_permit_page(permit: Permit) -> dict:
    """The same parts from the rows that the page has read: a permit in full."""
    return {
        "the permit": row(permit),
        "its plates": [row(plate) for plate in sorted(permit.plates.all(), key=lambda plate: plate.pk)],
        "its warnings": sorted(warning.pk for warning in permit.warnings.all()),
    }


def of_device(device: Device) -> dict:
    """A reader, without what it says of itself with every delivery."""
    return {"the reader": [device.pk, device.name, device.car, device.registered_by_id, device.retired_at]}
