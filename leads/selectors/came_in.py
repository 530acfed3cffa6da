"""What came into a case since a captain opened the packet, as `leads.models.came_in` says in the database (FR-13)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from cases.models import Case, CaseLink, CaseNote, Evidence, IncidentNumber, NotSamePerson, Person, PersonMerge
from cases.models.person import ONE_PERSON
from ecpd.accounts.models import User
from ecpd.audit.models import AuditEvent
from leads.models import (
    Corroboration,
    Examination,
    ExculpatoryEntry,
    GallerySource,
    Identity,
    Lead,
    OptOut,
    PacketReading,
    PurposeException,
    SearchReplay,
    SearchRequest,
    WarrantApplication,
    WarrantDecision,
)
from leads.models.came_in import OUT_OF_ROLE, OWN_PART
from leads.models.photo import is_of

KIN_OF_ITS_PROBE = (
    "SELECT public.ecpd_kin(ARRAY[s.probe_id]) FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id "
    "WHERE c.id = %s"
)
_OUT_OF_ROLE = f"SELECT one.examiner_id::text FROM ({OUT_OF_ROLE.format(lead='%s')}) one"  # whose act it rests on


def came_in_since(lead: Lead, moment: datetime) -> list[str]:
    """What came into the lead's case after `moment`, or of its face or its searches into the matter, in words."""
    of_the_face = Lead.objects.filter(pk__in=RawSQL("SELECT public.ecpd_leads_of_the_face(%s)", [lead.pk]))
    matter = RawSQL("SELECT public.ecpd_matter(%s)", [lead.case_id])
    others = of_the_face.exclude(pk=lead.pk)
    rows: dict[str, tuple[QuerySet, tuple[str, ...]]] = {
        "what points away": (ExculpatoryEntry.objects.filter(lead=lead), ("entered_at", "answers__answered_at")),
        "what points away from another lead to this face": (
            ExculpatoryEntry.objects.filter(lead__in=others, origin=""),
            ("entered_at",),
        ),
        "the evidence that is linked": (
            Corroboration.objects.filter(lead__in=of_the_face),
            ("linked_at", "withdrawn_at", "verification__at"),
        ),
        "who its person is said to be": (Identity.objects.filter(lead=lead), ("entered_at", "answers__at")),
        "the exhibits of the case": (
            Evidence.objects.filter(case=lead.case_id),
            ("added_at", "withdrawn_at", "custody__recorded_at"),
        ),
        "the notes of the case": (CaseNote.objects.filter(case=lead.case_id), ("at",)),
        "who is not one person": (NotSamePerson.objects.filter(case=lead.case_id), ("at",)),
        "a replay that differs": (SearchReplay.objects.filter(search__case__in=matter, same=False), ("at",)),
        "an examiner's certificate": (
            Examination.objects.filter(candidate=lead.candidate_id),
            ("certificate__suspended_at",),
        ),
        "the source of its photo": (
            GallerySource.objects.filter(photos__faces__candidates=lead.candidate_id),
            ("withdrawn_at",),
        ),
        "who is one person": (
            PersonMerge.objects.filter(case=lead.case_id),
            ("proposed_at", "decided_at", "undone_at"),
        ),
        "the same picture in another case": (
            Evidence.objects.filter(pk__in=RawSQL(KIN_OF_ITS_PROBE, [lead.candidate_id])).exclude(case=lead.case_id),
            ("added_at", "withdrawn_at"),
        ),
        "the searches": (
            SearchRequest.objects.filter(case__in=matter),
            ("requested_at", "finished_at", "candidates__examinations__recorded_at"),
        ),
        "which cases are one matter, by number": (
            IncidentNumber.objects.filter(case__in=matter),
            ("entered_at", "withdrawn_at"),
        ),
        "which cases are one matter, by a link": (
            CaseLink.objects.filter(Q(case__in=matter) | Q(other__in=matter)),
            ("entered_at", "withdrawn_at"),
        ),
        "why this face has a way to a warrant": (PurposeException.objects.filter(lead__in=of_the_face), ("at",)),
        "a lead to this face that was cleared": (of_the_face, ("cleared_at",)),
        "another application for this face": (
            WarrantApplication.objects.filter(lead__in=others),
            ("decided_at", "after__at"),
        ),
    }
    since = [words for words, (found, moments) in rows.items() if found.filter(_any_after(moments, moment)).exists()]
    its_person = _one_person_with(lead)
    people = set(Person.objects.filter(case=lead.case_id).values_list("pk", flat=True)) - its_person
    noted: dict[str, tuple[type[Model], Iterable[int] | RawSQL, str]] = {
        "what is known of its person": (Person, its_person, "U"),
        "the people of the case": (Person, people, "IU"),
        "what the case says": (Case, [lead.case_id], "U"),
        "an opt-out of its photo": (OptOut, _opt_outs_of(lead), "IU"),
        "the account of who examined or verified": (User, RawSQL(_OUT_OF_ROLE, [lead.pk, lead.pk]), "U"),
    }
    return [*since, *(words for words, which in noted.items() if _noted_after(moment, *which))]


def _one_person_with(lead: Lead) -> set[int]:
    """The entries of whoever is one person with the lead's."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_PERSON.format(ids="%s::bigint"), [lead.person_id])
        return {key for (key,) in cursor.fetchall()}


def _opt_outs_of(lead: Lead) -> list[int]:
    """The opt-outs, in force or withdrawn, of the photo that the lead's candidate is on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id FROM leads_candidate c JOIN leads_galleryface f ON f.id = c.face_id "
            f"JOIN leads_galleryphoto p ON p.id = f.photo_id JOIN leads_optout o ON {is_of('p')} WHERE c.id = %s",
            [lead.candidate_id],
        )
        return [key for (key,) in cursor.fetchall()]


def _noted_after(moment: datetime, model: type[Model], keys: Iterable[int] | RawSQL, operations: str) -> bool:
    """Whether the log has an entry of one of these rows, of these operations, after a moment."""
    ids = keys if isinstance(keys, RawSQL) else [str(key) for key in keys]
    of_rows = AuditEvent.objects.filter(table_name=model._meta.db_table, row_id__in=ids)
    return of_rows.filter(operation__in=list(operations), at__gt=moment).exists()


def _any_after(moments: tuple[str, ...], moment: datetime) -> Q:
    after = Q()
    for name in moments:
        after |= Q(**{f"{name}__gt": moment})
    return after


def approvals_that_count(application: WarrantApplication) -> set[int]:
    """The captains who approved the packet as it was opened last, with nothing that came in since they opened it."""
    newest = PacketReading.objects.filter(application=application).order_by("-id").first()
    approved = application.decisions.filter(outcome=WarrantDecision.Outcome.APPROVE, packet_reading__isnull=False)
    if newest is None:
        return set()
    shown = _without_own_part(newest)
    opened = ((one.captain_id, one.packet_reading) for one in approved.select_related("packet_reading"))
    return {
        captain
        for captain, reading in opened
        if reading and _without_own_part(reading) == shown and not came_in_since(application.lead, reading.at)
    }


def _without_own_part(reading: PacketReading) -> dict[str, str]:
    return {heading: part for heading, part in reading.parts.items() if heading != OWN_PART}
