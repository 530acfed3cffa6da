"""What pages of leads show to somebody who decides there, in parts that can be told apart (`ecpd.policy.shown`)."""

from datetime import datetime

from cases.shown import of_exhibit
from leads.models import (
    Candidate,
    Corroboration,
    ExculpatoryEntry,
    GalleryPhoto,
    GallerySource,
    Identity,
    IdentityAnswer,
    Lead,
    WarrantApplication,
)
from leads.selectors.history import not_excepted
from leads.selectors.lead import entries_of, items_of


def of_lead(lead: Lead) -> dict:
    """A lead's page: who, evidence for with its verification, what speaks against with its answers."""
    return {
        "the lead": [lead.pk, lead.state, lead.person_id, lead.person.name],
        "the evidence that is linked": [_item(item) for item in items_of(lead)],
        "what points away": [
            [entry.pk, entry.kind, entry.what, _withdrawn(entry), [[a.outcome, a.text] for a in entry.answers.all()]]
            for entry in entries_of(lead)
        ],
    }


def of_application(application: WarrantApplication) -> dict:
    """A decided application, for who records what became of it: where it stands, its steps, what came in since."""
    return {
        "the application": [application.pk, application.state, application.lead.state],
        "its steps": [[step.pk, step.kind] for step in application.after.order_by("pk").defer("sections")],
        "what points away": of_lead(application.lead)["what points away"],
    }


def of_identity(identity: Identity) -> dict:
    """Who somebody says a person is, for who checks or disputes it."""
    return {
        "who it is": [identity.pk, identity.name, identity.date_of_birth, identity.how, identity.evidence_id],
        "its exhibit": [identity.evidence.withdrawn_at],
        "what others said": [[one.pk, one.outcome] for one in IdentityAnswer.objects.filter(identity=identity)],
    }


def _withdrawn(entry: ExculpatoryEntry) -> datetime | None:
    return entry.evidence.withdrawn_at if entry.evidence is not None else None


def of_purpose(lead: Lead) -> dict:
    """A lead for who says why it has a way to a warrant: also the searches that are excepted by it."""
    return of_lead(lead) | {"the searches for somebody else": [one.pk for one in not_excepted(lead)]}


def _item(item: Corroboration) -> list:
    """A linked item; the linker's answers belong to it once somebody gave his own without them."""
    checked = getattr(item, "verification", None)
    return [
        item.pk, item.kind, item.details, item.ties_by, item.withdrawn_at, item.evidence_id, item.evidence.withdrawn_at,
        [item.comes_from_lead, item.because_of, item.rests_on_face, item.independence, checked.verified,
         checked.because_of, checked.rests_on_face, checked.reason] if checked else None,
    ]  # fmt: skip


def of_item(item: Corroboration) -> dict:
    """A linked item, for who verifies or withdraws it."""
    return {
        "the item": _item(item),
        "the exhibit": of_exhibit(item.evidence)["the exhibit"],
        "the lead": [item.lead.state],
    }


def of_comparison(candidate: Candidate) -> dict:
    """The two pictures an examiner compares; nothing else is shown to the second (FR-08)."""
    search = candidate.search
    return {
        "the probe": [search.probe_id, search.probe.file_id, search.probe.withdrawn_at, search.face],
        "the candidate's picture": [candidate.face_id, candidate.face.photo.file_id, candidate.face.box],
    }


def of_candidate(candidate: Candidate) -> dict:
    """The same with what both examiners concluded, for who makes a lead of it."""
    concluded = candidate.examinations.order_by("pk").values_list(
        "pk", "position", "conclusion", "basis", "does_not_fit"
    )
    return of_comparison(candidate) | {"the examinations": list(concluded), "its score": [candidate.match_score]}


def of_entry(entry: ExculpatoryEntry) -> dict:
    """An entry of what points away, with the answers so far."""
    answers = list(entry.answers.order_by("pk").values_list("pk", "outcome", "text"))
    return {"what points away": [entry.pk, entry.kind, entry.what, _withdrawn(entry)], "its answers": answers,
            "the lead": [entry.lead.state]}  # fmt: skip


def of_photo(photo: GalleryPhoto | None) -> dict:
    """A gallery photo that somebody opts out of."""
    return {"the photo": [photo.pk, photo.sha256, photo.active] if photo else None}


def of_source(source: GallerySource) -> dict:
    """A gallery source."""
    return {"the source": [source.pk, source.name, source.terms, source.withdrawn_at]}
