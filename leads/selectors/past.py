"""What the records of the matter say against a lead, each from the record it rests on (FR-18, FR-24)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q

from cases.models import Evidence
from ecpd.web.words import day
from leads.models import (
    Candidate,
    Corroboration,
    CorroborationVerification,
    Examination,
    ExaminationRequest,
    ExculpatoryEntry,
    Lead,
    SearchRequest,
    WarrantApplication,
)
from leads.selectors.history import (
    candidates_of_the_face,
    knew_the_matter,
    leads_of_the_face,
    not_blind_in_words,
    or_sealed,
    other_purposes,
    searches_of_the_probe,
)

NOTHING = {"nothing", "nothing.", "none", "none.", "nothing known", "nothing known.", "nothing seen."}
NOT_PICKED = {
    "A filler": "the witness picked a filler, not this person",
    "Nobody": "the witness picked nobody",
    "Unsure": "the witness was unsure",
}  # of leads.corroboration.OUTCOMES
OF_A_CANDIDATE = ("candidate__search__case__captain", "examiner")
Kind = ExculpatoryEntry.Kind


@dataclass(frozen=True)
class Past:
    """One thing that speaks against a lead: the record it is from (`ecpd_record_of`), its kind, its words and its exhibit."""

    origin: str
    kind: str
    what: str
    evidence_id: int | None = None


def past_of(lead: Lead) -> list[Past]:
    """All of it, in the order of the records; of a sealed case of the matter only that there is something.

    Searches for another unknown person, a witness or a victim of the case, say nothing of this one.
    """
    of_the_face, of_the_probe = candidates_of_the_face(lead.candidate), searches_of_the_probe(lead.candidate.search)
    same = list(leads_of_the_face(lead))
    return [
        *_doubts(lead, of_the_face),
        *_entered_elsewhere(lead, same),
        *_elsewhere(lead, of_the_face, of_the_probe),
        *_others_on_the_lists(lead, of_the_face, of_the_probe),
        *_other_searches(lead, of_the_face, of_the_probe),
        *_other_purposes(lead),
        *_ended(lead, same),
        *_rejected(lead, same),
        *_line_ups(lead, same),
        *_withdrawn(lead, same, of_the_face),
        *_not_blind(lead, of_the_face),
        *_replaced(lead, of_the_face),
    ]


def others_of(lead: Lead, same: list[Lead]) -> list[Lead]:
    """The leads to this face but this one."""
    return [one for one in same if one.pk != lead.pk]


def not_entered(lead: Lead) -> list[str]:
    """The records that speak against a lead and have no entry in its register yet, as the database finds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT of_record FROM public.ecpd_not_entered(%s)", [lead.pk])
        return [origin for (origin,) in cursor.fetchall()]


def _doubts(lead: Lead, of_the_face: set[int]) -> Iterator[Past]:
    """What examiners wrote against this face: of the lead's own candidate, and of whatever other search found it.

    Not while a second examiner is asked there, who is blind.
    """
    blind = ExaminationRequest.objects.filter(candidate__in=of_the_face, state=ExaminationRequest.State.OPEN)
    told = of_the_face - set(blind.values_list("candidate", flat=True)) | {lead.candidate_id}
    found = Examination.objects.filter(candidate__in=told).select_related(*OF_A_CANDIDATE)
    for examination in found.order_by("pk"):
        which, other = "first" if examination.position == 1 else "second", examination.candidate
        own = other.pk == lead.candidate_id
        by = f"The {which} examiner" if own else f"The {which} examiner of this face in {other.search.number}"
        said = [("", "on what does not fit", examination.does_not_fit)]
        if examination.does_not_fit.strip().lower() in NOTHING:
            said = []
        for number, (component, note) in enumerate(examination.differences):
            said.append((f".{number}", f"saw a difference, {component.lower()}", note))
        for part, words, note in said:
            what = or_sealed(other.case, lead.case_id, f"{by} {words}: {note}")
            yield Past(f"examination {examination.pk}{part}", Kind.EXAMINER_DOUBT, what)


def _entered_elsewhere(lead: Lead, same: list[Lead]) -> Iterator[Past]:
    """What people entered against another lead to this face: it is answered here as well.

    With its exhibit, where that is of this case: once it is withdrawn, an answer is wanted anew.
    """
    others = others_of(lead, same)
    found = ExculpatoryEntry.objects.filter(lead__in=others, origin="") if others else ExculpatoryEntry.objects.none()
    for entry in found.select_related("lead__case__captain", "entered_by").order_by("pk"):
        by = f" by {entry.entered_by.display_name}" if entry.entered_by else ""
        what = f"Entered for lead {entry.lead.number}{by}, {entry.get_kind_display().lower()}: {entry.what}"
        own = entry.lead.case_id == lead.case_id
        yield Past(f"entry {entry.pk}", Kind.BEFORE, or_sealed(entry.lead.case, lead.case_id, what),
                   entry.evidence_id if own else None)  # fmt: skip


def _elsewhere(lead: Lead, of_the_face: set[int], of_the_probe: set[int]) -> Iterator[Past]:
    """Examinations of this face in the whole matter, and of others whom a search for this probe found."""
    found = Examination.objects.filter(Q(candidate__in=of_the_face) | Q(candidate__search__in=of_the_probe))
    for examination in found.exclude(candidate=lead.candidate_id).select_related(*OF_A_CANDIDATE).order_by("pk"):
        case, other = examination.candidate.case, examination.candidate
        same, possible = other.pk in of_the_face, examination.conclusion == Examination.Conclusion.POSSIBLE_MATCH
        if possible and not same:
            what = (
                f"An examiner thought another person possible as well: candidate {other.rank} of {other.search.number}."
            )
            yield Past(f"elsewhere {examination.pk}", Kind.OTHER_CANDIDATE, or_sealed(case, lead.case_id, what))
        if same and not possible:
            words = examination.get_conclusion_display().lower()
            what = f"The same face was examined in {other.search.number}: {words}. {examination.basis}"
            yield Past(f"elsewhere {examination.pk}", Kind.EXAMINER_DOUBT, or_sealed(case, lead.case_id, what))


def _others_on_the_lists(lead: Lead, of_the_face: set[int], of_the_probe: set[int]) -> Iterator[Past]:
    reached = Candidate.objects.filter(search__in=of_the_probe, match_score__gte=F("search__threshold"))
    for other in reached.exclude(pk__in=of_the_face).select_related("search__case__captain").order_by("pk"):
        name = other.snapshot.get("published_name") or "no name on the page"
        where = "" if other.search_id == lead.candidate.search_id else f" of {other.search.number}"
        what = f"Candidate {other.rank}{where} ({name}) also reached {int(other.match_score * 10) / 10}."
        yield Past(f"candidate {other.pk}", Kind.OTHER_CANDIDATE, or_sealed(other.case, lead.case_id, what))


def _other_searches(lead: Lead, of_the_face: set[int], of_the_probe: set[int]) -> Iterator[Past]:
    """Searches for this probe that ended without this face, or failed."""
    listed = Candidate.objects.filter(pk__in=of_the_face).values("search")
    over = SearchRequest.objects.filter(pk__in=of_the_probe, state__in=["done", "failed"]).exclude(pk__in=listed)
    for search in over.select_related("case__captain").defer("probe_embedding").order_by("pk"):
        ended = "ended without this person among its candidates" if search.state == "done" else "did not finish"
        what = f"{search.number} for the same probe {ended}."
        yield Past(f"search {search.pk}", Kind.FAILED_SEARCH, or_sealed(search.case, lead.case_id, what))


def _other_purposes(lead: Lead) -> Iterator[Past]:
    for search in other_purposes(lead):
        what = f"{search.number} was for this face, not as a suspect: {search.get_purpose_display().lower()}."
        yield Past(f"search {search.pk}", Kind.BEFORE, or_sealed(search.case, lead.case_id, what))


def _ended(lead: Lead, same: list[Lead]) -> Iterator[Past]:
    """Leads to this face that were cleared, and applications on any of them that were denied, with the reasons."""
    others = others_of(lead, same)
    for other in (one for one in others if one.state == Lead.State.CLEARED):
        when = f" on {day(other.cleared_at)}" if other.cleared_at else ""
        what = f"Lead {other.number} to this face was cleared{when}: {other.cleared_reason}"
        yield Past(f"lead {other.pk}", Kind.BEFORE, or_sealed(other.case, lead.case_id, what))
    denied = WarrantApplication.objects.filter(lead__in=others, state=WarrantApplication.State.DENIED)
    for application in denied.select_related("lead__case__captain").order_by("pk"):
        reasons = " ".join(one.reasons for one in application.decisions.filter(outcome="deny"))
        what = f"{application.number} on lead {application.lead.number} to this face was denied: {reasons}"
        yield Past(f"application {application.pk}", Kind.BEFORE, or_sealed(application.case, lead.case_id, what))


def _rejected(lead: Lead, same: list[Lead]) -> Iterator[Past]:
    """Evidence that somebody rejected for a lead to this face, also where its link was withdrawn since."""
    found = CorroborationVerification.objects.filter(corroboration__lead__in=same, verified=False)
    for one in found.select_related("corroboration__evidence", "corroboration__lead__case__captain").order_by("pk"):
        item = one.corroboration
        as_what = item.get_kind_display().lower()
        what = f"{item.evidence.label} was rejected as {as_what} for lead {item.lead.number}: {one.reason}"
        yield Past(f"rejection {one.pk}", Kind.BEFORE, or_sealed(item.lead.case, lead.case_id, what))


def _line_ups(lead: Lead, same: list[Lead]) -> Iterator[Past]:
    """Line-ups for a lead to this face in which the witness did not pick this person, also where the link was taken back."""
    links = Corroboration.objects.filter(lead__in=same, details__outcome__in=NOT_PICKED)
    for item in links.select_related("evidence", "lead__case__captain").order_by("pk"):
        what = (
            f"In the line-up {item.evidence.label}, for lead {item.lead.number}, {NOT_PICKED[item.details['outcome']]}."
        )
        yield Past(f"lineup {item.pk}", Kind.OTHER, or_sealed(item.lead.case, lead.case_id, what))


def _withdrawn(lead: Lead, same: list[Lead], of_the_face: set[int]) -> Iterator[Past]:
    """Links that were taken back from a lead to this face, and probes that were withdrawn."""
    links = Corroboration.objects.filter(lead__in=same, withdrawn_at__isnull=False)
    for item in links.select_related("evidence", "lead__case__captain").order_by("pk"):
        what = (
            f"{item.evidence.label}, linked to lead {item.lead.number} as {item.get_kind_display().lower()}, was taken "
            f"back: {item.withdrawn_reason}"
        )
        yield Past(f"link {item.pk}", Kind.BEFORE, or_sealed(item.lead.case, lead.case_id, what))
    probes = Evidence.objects.filter(searches__candidates__in=of_the_face, withdrawn_at__isnull=False)
    for probe in probes.select_related("case__captain").order_by("pk").distinct():
        what = f"{probe.label}, with which this face was searched for, was withdrawn: {probe.withdrawn_reason}"
        yield Past(f"probe {probe.pk}", Kind.BEFORE, or_sealed(probe.case, lead.case_id, what))


def _not_blind(lead: Lead, of_the_face: set[int]) -> Iterator[Past]:
    """Second examinations of this face that do not count as blind: cases may be tied after they are recorded."""
    for one in knew_the_matter(of_the_face):
        search = one.candidate.search
        what = not_blind_in_words(one, lead.case)
        yield Past(f"blind {one.pk}", Kind.BEFORE, or_sealed(search.case, lead.case_id, what))


def _replaced(lead: Lead, of_the_face: set[int]) -> Iterator[Past]:
    """Second examiners who were asked about this face and replaced before they answered."""
    asked = ExaminationRequest.objects.filter(candidate__in=of_the_face, state=ExaminationRequest.State.WITHDRAWN)
    for one in asked.select_related("examiner", "candidate__search__case__captain").order_by("pk"):
        search = one.candidate.search
        what = (
            f"{one.examiner.display_name} was asked to examine candidate {one.candidate.rank} of {search.number} on "
            f"{day(one.asked_at)} and replaced before an answer{_why(one)}."
        )
        yield Past(f"replaced {one.pk}", Kind.BEFORE, or_sealed(search.case, lead.case_id, what))


def _why(asked: ExaminationRequest) -> str:
    return f": {asked.get_replaced_because_display().lower()}" if asked.replaced_because else ""
