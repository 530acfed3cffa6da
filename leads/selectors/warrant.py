"""Reads of warrant applications."""

from collections import defaultdict
from collections.abc import Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from cases.access import permissions_of, remember
from cases.models import Case, CaseLink, Evidence, IncidentNumber, NotSamePerson, PersonMerge
from cases.selectors import cases_visible_to
from ecpd.policy.models import Decision
from leads.models import (
    Candidate,
    Corroboration,
    Examination,
    ExaminationRequest,
    Lead,
    LeadSignoff,
    PacketReading,
    PurposeException,
    SearchRequest,
    WarrantApplication,
    WarrantDecision,
)
from leads.models.parts import links_of_its_evidence, of_the_case
from leads.selectors.history import disclosed_cases, leads_of_the_face, matter_of
from leads.selectors.kin import kin_of
from leads.selectors.lead import PICTURES, entries_of, items_of, read_with
from leads.selectors.named import with_faces
from leads.selectors.review import blind_cases


def applications_visible_to(user, *, listed: bool = True) -> QuerySet[WarrantApplication]:
    """Applications of the cases a person may look at; `listed` as `leads_visible_to` has it."""
    visible = WarrantApplication.objects.filter(lead__case__in=cases_visible_to(user))
    return (visible.exclude(lead__case__in=blind_cases(user)) if listed else visible).select_related(
        "lead__case__offense", "lead__person", "applicant", "lead__candidate__search"
    )


def application_for_packet(user, number: str) -> WarrantApplication:
    """An application with what its packet starts from. Raises WarrantApplication.DoesNotExist."""
    pictures = [f"lead__{name}" for name in PICTURES]
    found = (
        applications_visible_to(user, listed=False)
        .select_related(*pictures, "lead__candidate__face__photo__file", "lead__signoff__supervisor", "packet")
        .annotate(permissions=permissions_of(user, "lead__case"))
        .get(number=number)
    )
    remember(user, found.lead.case, found.permissions)
    return found


def searches_to_disclose(case: Case) -> list[SearchRequest]:
    """Every search of a matter with its candidates, their examinations, and edits made of its probe (FR-14).

    Of a sealed case that is not this one nothing is told here but that it exists.
    """
    examinations = Examination.objects.select_related("examiner", "certificate__holder").order_by("position")
    drawn = ExaminationRequest.objects.select_related("examiner", "asked_by").order_by("pk")
    candidates = with_faces(Candidate.objects.order_by("rank")).prefetch_related(
        Prefetch("examinations", queryset=examinations), Prefetch("examination_requests", queryset=drawn)
    )
    edits = Evidence.objects.filter(derived_from=OuterRef("probe")).order_by("number")
    searches: list[SearchRequest] = list(
        SearchRequest.objects.filter(case__in=disclosed_cases(case))
        .defer("probe_embedding")
        .select_related("case", "requested_by", "probe__file", "probe__derived_from__file", "offense", "model_card")
        .annotate(probe_edits=ArraySubquery(edits.values(json=JSONObject(number="number", derivation="derivation"))))
        .prefetch_related(Prefetch("candidates", queryset=candidates))
        .order_by("id")
    )
    for search in searches:
        if search.case_id == case.pk:
            search.case = case
    return searches


def applications_until(application: WarrantApplication) -> list[WarrantApplication]:
    """The applications on its lead up to this one, each with its decisions, as the lead was read with them or read now."""
    if read_with(application.lead, "applications"):
        known = application.lead.applications.all()
        return sorted((one for one in known if one.pk <= application.pk), key=lambda one: one.pk)
    decisions = Prefetch("decisions", queryset=WarrantDecision.objects.select_related("captain"))
    until = application.lead.applications.filter(pk__lte=application.pk)
    return list(until.select_related("applicant").prefetch_related(decisions).order_by("pk"))


def in_the_matter(case: Case) -> dict[str, int]:
    """How many searches, candidates and examinations a matter has: what a packet has to hold (FR-14)."""
    what = {"searches": "pk", "candidates": "candidates", "examinations": "candidates__examinations"}
    counts = {f"number_of_{name}": Count(path, distinct=True) for name, path in what.items()}
    found = SearchRequest.objects.filter(case__in=disclosed_cases(case)).aggregate(**counts)
    return {name: found[f"number_of_{name}"] for name in what}


def newest_reading(application: WarrantApplication, user) -> PacketReading | None:
    """The version of an application's packet that a person opened last."""
    return PacketReading.objects.filter(application=application, reader=user).order_by("-id").first()


def people_with_a_part(application: WarrantApplication) -> dict[int, set[str]]:
    """Who had which part in what led to an application (FR-13): user id to words."""
    parts = people_with_a_part_in(application.lead)
    for applied in application.lead.applications.all():
        parts.setdefault(applied.applicant_id, set()).add("applied")
    signed = LeadSignoff.objects.filter(lead__in=leads_of_the_face(application.lead).order_by())
    for supervisor in signed.values_list("supervisor", flat=True):
        parts.setdefault(supervisor, set()).add("signed off on it")
    for captain in excepted_the_face(application.lead):
        parts.setdefault(captain, set()).add("said why this face has a way to a warrant")
    return parts


def decided_on_the_face(lead: Lead) -> set[int]:
    """Who decided on an application for the face of a lead: such a captain is no third person for it (FR-08)."""
    decided = WarrantDecision.objects.filter(application__lead__in=leads_of_the_face(lead).order_by())
    return set(decided.values_list("captain", flat=True))


def excepted_the_face(lead: Lead) -> set[int]:
    """Who said why the face of a lead has a way to a warrant though it was no suspect's (FR-12)."""
    said = PurposeException.objects.filter(lead__in=leads_of_the_face(lead).order_by())
    return set(said.values_list("captain", flat=True))


def people_with_a_part_in(lead: Lead) -> dict[int, set[str]]:
    """Who had which part in a lead: user id to words."""
    parts: dict[int, set[str]] = defaultdict(set)
    parts[lead.candidate.search.requested_by_id].add("requested the search")
    parts[lead.created_by_id].add("made the lead")
    for examination in lead.candidate.examinations.all():
        parts[examination.examiner_id].add("examined the faces")
    for item in items_of(lead):
        parts[item.linked_by_id].add("linked evidence")
        if item.withdrawn_by_id is not None:
            parts[item.withdrawn_by_id].add("took a link back")
        if hasattr(item, "verification"):
            parts[item.verification.verifier_id].add("verified evidence")
    for person, part in _of_its_picture(lead):
        parts[person].add(part)
    for person, part in _elsewhere(lead):
        parts[person].add(part)
    for entry in entries_of(lead):
        if entry.entered_by_id is not None:
            parts[entry.entered_by_id].add("entered what points away")
        for answer in entry.answers.all():
            parts[answer.answered_by_id].add("answered what points away")
    for asked_by in lead.candidate.examination_requests.order_by().values_list("asked_by", flat=True):
        parts[asked_by].add("asked for the second examination")
    for identity in lead.identities.prefetch_related("answers"):
        parts[identity.entered_by_id].add("said who its person is")
        for said in identity.answers.all():
            parts[said.by_id].add("answered who its person is")
    for person, part in _with_the_exhibits(lead):
        parts[person].add(part)
    for person, part in _with_the_person(lead):
        parts[person].add(part)
    for person, part in _with_the_facts(lead):
        parts[person].add(part)
    for person, part in _for_another(lead):
        parts[person].add(part)
    for untied_by in _untied(lead):
        parts[untied_by].add("took back that cases are one matter")
    for marked_by in {lead.marked_by_id, *_marked_before(lead)}:
        if marked_by is not None:
            parts[marked_by].add("marked it for warrant")
    return dict(parts)


def _with_the_exhibits(lead: Lead) -> Iterator[tuple[int, str]]:
    """Who added an exhibit to a case of the matter, withdrew one, or recorded that one was handed over."""
    exhibits = Evidence.objects.filter(case__in=matter_of(lead.case_id)).order_by()
    for added_by, withdrawn_by, handed_by in exhibits.values_list(
        "added_by", "withdrawn_by", "custody__recorded_by"
    ).distinct():
        yield added_by, "added evidence to a case of this matter"
        if withdrawn_by is not None:
            yield withdrawn_by, "withdrew evidence of a case of this matter"
        if handed_by not in (None, added_by):  # whoever adds it begins its chain
            yield handed_by, "recorded a hand-over of evidence of this matter"


def _with_the_person(lead: Lead) -> Iterator[tuple[int, str]]:
    """Who said that the person of a lead to this face is another one, or is not."""
    of_the_face = RawSQL("SELECT public.ecpd_leads_of_the_face(%s)", [lead.pk])
    people = Lead.objects.filter(pk__in=of_the_face).order_by().values("person")
    merges = PersonMerge.objects.filter(Q(keep__in=people) | Q(duplicate__in=people))
    for proposed_by, decided_by, undone_by in merges.values_list("proposed_by", "decided_by", "undone_by"):
        yield proposed_by, "proposed a merge of its person"
        if decided_by is not None:
            yield decided_by, "decided on a merge of its person"
        if undone_by is not None:
            yield undone_by, "undid a merge of its person"
    apart = NotSamePerson.objects.filter(Q(person_a__in=people) | Q(person_b__in=people))
    yield from ((person, "told its person from another") for person in apart.values_list("recorded_by", flat=True))


_FACTS = f"""
SELECT q.withdrawn_by_id, 'withdrew a person of this matter' FROM public.ecpd_matter(%(case)s) m(id)
    JOIN cases_person q ON q.case_id = m.id WHERE q.withdrawn_by_id IS NOT NULL
UNION SELECT p.actor_id, 'entered or changed a person of this matter' FROM public.ecpd_matter(%(case)s) m(id)
    JOIN cases_person q ON q.case_id = m.id CROSS JOIN LATERAL (
        SELECT p.actor_id FROM {of_the_case("cases_person", "q.id", "'I', 'U'", "%(lead)s")}
          AND p.action = 'case.contribute') p
UNION SELECT p.actor_id, CASE p.action WHEN 'case.manage' THEN 'changed what a case of this matter says'
        ELSE 'sealed another case of this matter or opened its seal' END
    FROM public.ecpd_matter(%(case)s) m(id) CROSS JOIN LATERAL (
        SELECT p.actor_id, p.action FROM {of_the_case("cases_case", "m.id", "'U'", "%(lead)s")}
          AND (p.action = 'case.manage' OR p.action = 'case.seal' AND m.id <> %(case)s)) p"""


def _with_the_facts(lead: Lead) -> list[tuple[int, str]]:
    """Who changed, since the first search of the matter, what the cases of the matter say; or withdrew a person of one."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"case": lead.case_id, "lead": lead.pk})
        return cursor.fetchall()


def _for_another(lead: Lead) -> Iterator[tuple[int, str]]:
    """Who linked, took back or verified this lead's evidence for another face of the matter, or cleared a lead to one."""
    face = leads_of_the_face(lead).order_by().values("pk")
    links = Corroboration.objects.filter(pk__in=RawSQL(links_of_its_evidence("%s"), [lead.pk, lead.pk]))
    who = links.exclude(lead__in=face).order_by().values_list("linked_by", "withdrawn_by", "verification__verifier")
    for linked_by, withdrawn_by, verifier in who:
        yield linked_by, "linked the same evidence to a lead of this matter"
        if withdrawn_by is not None:
            yield withdrawn_by, "took back a link of the same evidence"
        if verifier is not None:
            yield verifier, "verified or rejected the same evidence for a lead of this matter"
    cleared = (
        Lead.objects.filter(case__in=matter_of(lead.case_id), cleared_by__isnull=False).exclude(pk__in=face).order_by()
    )
    yield from ((person, "cleared a lead of this matter") for person in cleared.values_list("cleared_by", flat=True))


def _untied(lead: Lead) -> set[int]:
    """Who took back a number or a link of a case of the matter."""
    matter = matter_of(lead.case_id)
    links = CaseLink.objects.filter(Q(case__in=matter) | Q(other__in=matter), withdrawn_by__isnull=False)
    numbers = IncidentNumber.objects.filter(case__in=matter, withdrawn_by__isnull=False)
    return {*links.values_list("withdrawn_by", flat=True), *numbers.values_list("withdrawn_by", flat=True)}


def _of_its_picture(lead: Lead) -> Iterator[tuple[int, str]]:
    """Who asked for another search of the lead's picture, a copy or an edit of it, or examined what any of them found."""
    own = lead.candidate
    found = SearchRequest.objects.filter(probe__in=kin_of([own.search.probe_id])).order_by()
    who = (
        "requested_by",
        "candidates",
        "candidates__examinations__examiner",
        "candidates__examination_requests__asked_by",
    )
    for search, asked_by, candidate, examined_by, second_asked_by in found.values_list("pk", *who).distinct():
        if search != own.search_id:
            yield asked_by, "requested a search of the same picture"
        if second_asked_by is not None and candidate != own.pk:
            yield second_asked_by, "asked for an examination of what a search of the same picture found"
        if examined_by is not None and candidate != own.pk:
            yield examined_by, "examined faces that a search of the same picture found"


FOR_THE_FACE = {
    "candidate__search__requested_by": "requested another search that found this face",
    "candidate__examinations__examiner": "examined this face for another lead",
    "candidate__examination_requests__asked_by": "asked for an examination of this face for another lead",
    "created_by": "made another lead to this face",
    "marked_by": "marked another lead to this face",
    "cleared_by": "cleared another lead to this face",
    "corroborations__linked_by": "linked evidence to another lead to this face",
    "corroborations__withdrawn_by": "took back a link of another lead to this face",
    "corroborations__verification__verifier": "verified evidence of another lead to this face",
    "applications__applicant": "applied for another lead to this face",
    "exculpatory__entered_by": "entered what points away from another lead to this face",
    "identities__entered_by": "said who the person of another lead to this face is",
    "identities__answers__by": "answered who the person of another lead to this face is",
    "exculpatory__answers__answered_by": "answered what points away from another lead to this face",
}


def _elsewhere(lead: Lead) -> Iterator[tuple[int, str]]:
    """Who had which part in the other leads of the matter to this lead's face."""
    others = leads_of_the_face(lead).exclude(pk=lead.pk).order_by()
    if not others.exists():
        return
    for path, part in FOR_THE_FACE.items():
        for person in others.exclude(**{path: None}).values_list(path, flat=True).distinct():
            yield person, part
    for other in others:
        for person in _marked_before(other):
            yield person, FOR_THE_FACE["marked_by"]


def _marked_before(lead: Lead) -> QuerySet[Decision, int]:
    marks = Decision.objects.filter(action="lead.mark_for_warrant", outcome=Decision.Outcome.ALLOWED)
    return marks.filter(subject_type=lead._meta.label_lower, subject_id=str(lead.pk)).values_list("actor", flat=True)
