"""What an upgrade leaves to do in leads: for people, whom `manage.py doctor` tells; and of drafts that nobody continues."""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from ecpd.doctor.finding import Finding, ok, warn
from leads.models import Candidate, Corroboration, ExaminationDraft, ExaminationRequest, Lead
from leads.selectors.lot import waiting_for_somebody
from leads.selectors.review import NotBlind, why_not_blind
from leads.services.withdrawn import stands_without


def second_examinations() -> Finding:
    """Does a candidate wait for a second examiner whom nobody is, or for one who cannot be blind (FR-08)?"""
    nobody = [_named(candidate) for candidate in waiting_for_somebody()]
    not_blind = [_named(asked.candidate) for asked in _open_requests() if not _is_blind(asked)]
    if not nobody and not not_blind:
        return ok("second looks", "Each second examination that waits is with somebody who knows nothing of the case.")
    said = f"Withdrawn, and nobody else was drawn: {', '.join(nobody)}. " if nobody else ""
    said += f"Drawn or asked was somebody who had to do with the case: {', '.join(not_blind)}." if not_blind else ""
    fix = "Who works on the case has another examiner drawn, on the candidate's page."
    return warn("second looks", said.strip(), fix)


def marks_short_of_evidence() -> Finding:
    """Is a lead marked or applied for on what counts no more, by a rule that came since (FR-10, FR-11)?"""
    held = Lead.objects.filter(state__in=[Lead.State.MARKED, Lead.State.APPLIED]).order_by("number")
    short = [lead.number for lead in held if not stands_without(lead)]
    if not short:
        return ok("marks", "Each lead that is marked or applied for has the evidence that the manual asks for.")
    fix = "Who works on the case links evidence that counts; the lead's page says of each item why it does not."
    return warn("marks", f"Marked or applied for without enough evidence that counts: {', '.join(short)}.", fix)


def links_of_another_kind() -> Finding:
    """Is something linked, by an older release, as what its exhibit's kind or file does not allow (FR-10)?"""
    asked = (
        "public.ecpd_counts_as(leads_corroboration.kind, leads_corroboration.details, leads_corroboration.evidence_id)"
    )
    links = (
        Corroboration.objects.filter(withdrawn_at__isnull=True)
        .exclude(lead__state__in=[Lead.State.APPROVED, Lead.State.CLEARED])
        .annotate(is_a=RawSQL(asked, [], CharField()))
        .filter(is_a="another kind")
        .select_related("lead", "evidence")
        .order_by("lead__number", "evidence__number")
    )
    found = [f"{item.evidence.label} of {item.lead.number}" for item in links]
    if not found:
        return ok("links", "Each exhibit is linked to its lead as what its kind and its file say that it is.")
    fix = "It counts for nothing. Who works on the case withdraws the link, adds the exhibit as what it is, and links it anew."
    return warn("links", f"Linked as another kind than the exhibit is: {', '.join(found)}.", fix)


def _named(candidate: Candidate) -> str:
    return f"{candidate.search.number} candidate {candidate.rank}"


def _open_requests() -> QuerySet[ExaminationRequest]:
    asked = ExaminationRequest.objects.filter(state="open").select_related("candidate__search__case")
    return asked.order_by("candidate__search__number", "candidate__rank")


def _is_blind(asked: ExaminationRequest) -> bool:
    """Who is asked about a face under two searches was shown it, and is refused only once one of them is answered."""
    return not why_not_blind(asked.candidate, [asked.examiner_id], but_for=[NotBlind.SHOWN])


def close_drafts(*, using: str = DEFAULT_DB_ALIAS) -> int:
    """Delete what examiners had typed whose request was withdrawn, by a migration for instance; returns how many."""
    if ExaminationDraft._meta.db_table not in connections[using].introspection.table_names():
        return 0  # migrated back to before there were drafts
    asked = ExaminationRequest.objects.filter(candidate=OuterRef("candidate"), examiner=OuterRef("examiner"))
    given_up = Exists(asked.filter(state="withdrawn")), ~Exists(asked.filter(state="open"))
    return ExaminationDraft.objects.using(using).filter(*given_up).delete()[0]
