"""The packet's machine-readable half: its parts, the records they come from as sealed, and their part of the chain (FR-14)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import Model, Q, QuerySet

from cases.models import CaseLink, Evidence, IncidentNumber, Person, StoredFile
from ecpd.accounts.models import TrainingCertificate, User
from ecpd.audit.findings import snapshot
from ecpd.audit.part import part_of_the_chain
from ecpd.policy.models import Decision
from leads.models import (
    Candidate,
    Corroboration,
    CorroborationVerification,
    Examination,
    ExaminationRequest,
    ExculpatoryAnswer,
    ExculpatoryEntry,
    GalleryFace,
    GalleryPhoto,
    Identity,
    IdentityAnswer,
    Lead,
    LeadSignoff,
    ModelCard,
    PacketReading,
    ProbeFaces,
    PurposeException,
    SearchRequest,
    WarrantApplication,
    WarrantDecision,
    WarrantStep,
)
from leads.models.lead import LEAD_ONLY
from leads.packet.exhibits import family_of
from leads.packet.section import Section
from leads.selectors.history import disclosed_cases, leads_of_the_face

FORMAT = 1


def records_of(application: WarrantApplication, sections: Sequence[Section], version: str) -> bytes:
    """The attachment as JSON; of a sealed case of the matter nothing but what the parts say."""
    with snapshot():
        chosen = _chosen(application)
        lines = list(part_of_the_chain(chosen))
    content = {
        "format": FORMAT, "product": "ECPD", "kind": "packet", "notice": LEAD_ONLY, "application": application.number,
        "lead": application.lead.number, "case": application.case.case_number, "version": version,
        "people": _names(chosen),
        "sections": [asdict(section) for section in sections], "lines": lines,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()


def _chosen(application: WarrantApplication) -> dict[type[Model], set[int]]:
    """The rows behind the packet's parts, by their models."""
    lead, told = application.lead, disclosed_cases(application.case)
    searches = SearchRequest.objects.filter(case__in=told)
    candidates = Candidate.objects.filter(search__in=searches)
    faces = GalleryFace.objects.filter(pk__in=candidates.values("face"))
    examinations = Examination.objects.filter(candidate__in=candidates)
    items, entries = Corroboration.objects.filter(lead=lead), ExculpatoryEntry.objects.filter(lead=lead)
    applications = WarrantApplication.objects.filter(lead=lead, pk__lte=application.pk)
    exhibits = family_of(searches.values_list("probe", flat=True)) | set(items.values_list("evidence", flat=True))
    exhibits |= set(lead.identities.values_list("evidence", flat=True))
    people = {*searches.values_list("requested_by", flat=True), *examinations.values_list("examiner", flat=True)}
    found: dict[type[Model], QuerySet[Any]] = {
        SearchRequest: searches,
        Candidate: candidates,
        GalleryFace: faces,
        GalleryPhoto: GalleryPhoto.objects.filter(pk__in=faces.values("photo")),
        ModelCard: ModelCard.objects.filter(pk__in=searches.values("model_card")),
        ProbeFaces: ProbeFaces.objects.filter(evidence__in=searches.values("probe")),
        Examination: examinations,
        ExaminationRequest: ExaminationRequest.objects.filter(candidate__in=candidates),
        TrainingCertificate: TrainingCertificate.objects.filter(holder__in=people, kind="facial_recognition"),
        Evidence: Evidence.objects.filter(pk__in=exhibits),
        StoredFile: StoredFile.objects.filter(evidence__in=exhibits),
        Lead: leads_of_the_face(lead).filter(case__in=told),
        Person: Person.objects.filter(pk=lead.person_id),
        Corroboration: items,
        CorroborationVerification: CorroborationVerification.objects.filter(corroboration__in=items),
        ExculpatoryEntry: entries,
        ExculpatoryAnswer: ExculpatoryAnswer.objects.filter(entry__in=entries),
        Identity: Identity.objects.filter(lead=lead),
        IdentityAnswer: IdentityAnswer.objects.filter(identity__lead=lead),
        LeadSignoff: LeadSignoff.objects.filter(lead=lead),
        PurposeException: PurposeException.objects.filter(lead=lead),
        IncidentNumber: IncidentNumber.objects.filter(case__in=told),
        CaseLink: CaseLink.objects.filter(Q(case__in=told), Q(other__in=told)),
        WarrantApplication: applications,
        PacketReading: PacketReading.objects.filter(application__in=applications),
        WarrantStep: WarrantStep.objects.filter(application__in=applications, sections__isnull=True),
        WarrantDecision: WarrantDecision.objects.filter(application__in=applications),
        Decision: Decision.objects.filter(case_number=application.case.case_number).exclude(action__endswith=".view"),
    }
    return {model: _keys(rows) for model, rows in found.items()}


def _names(chosen: dict[type[Model], set[int]]) -> dict[str, str]:
    """What each account is called that a row names: a number alone tells a reader outside nothing."""
    keys: set[int] = set()
    for model, rows in chosen.items():
        named = [field.attname for field in model._meta.concrete_fields if field.related_model is User]
        for values in model._base_manager.filter(pk__in=rows).values_list(*named) if named else ():
            keys |= set(values) - {None}
    return {str(one.pk): one.display_name for one in User.objects.filter(pk__in=keys).order_by("pk")}


def _keys(rows: QuerySet[Any]) -> set[int]:
    keys: Iterable[int] = rows.order_by().values_list("pk", flat=True)
    return set(keys)
