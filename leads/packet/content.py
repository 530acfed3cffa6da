"""What stands in a packet (FR-14), gathered from the records; screen, print and PDF show the same."""

import hashlib
from dataclasses import asdict
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from cases.models import Evidence
from ecpd.policy.models import Decision
from ecpd.policy.shown import digest
from ecpd.policy.verdicts import BLOCKING
from ecpd.web.words import action as action_words
from ecpd.web.words import day_in
from leads.models import Examination, Lead, SearchRequest, WarrantApplication
from leads.models.came_in import OWN_PART
from leads.models.lead import LEAD_ONLY
from leads.packet.after import after_approval
from leads.packet.corroboration import corroboration
from leads.packet.exhibits import families
from leads.packet.identity import who_it_is
from leads.packet.lots import how_they_were_drawn
from leads.packet.matter import how_it_came_together
from leads.packet.people import who_took_part
from leads.packet.rates import error_rates
from leads.packet.searches import CANDIDATES_OF, SEARCHES, candidates_of, every_search, faces, quality_of_each, score
from leads.packet.section import Section, at
from leads.packet.self_opened import opened_by_who_searched
from leads.packet.software import what_ran
from leads.recognition.card import ModelCard
from leads.selectors.history import (
    cases_of_the_matter,
    ends_of_the_face,
    exceptions_of,
    knew_the_matter,
    leads_of_the_face,
    names,
    new_since,
    or_sealed,
    other_purposes,
    sealed_among,
    searches_in_words,
)
from leads.selectors.lead import bar_of, entries_of, made_under, signoff_of
from leads.selectors.search import gallery_sizes_before
from leads.selectors.warrant import applications_until, searches_to_disclose
from leads.services import card as cards

DECISIONS = "Policy decisions on this case"
OWN_EXAMINATIONS = "The two examinations"
NOT_BLIND = "This examination does not count as blind; the register says why. "
OTHER_EXAMINATIONS = "Examinations of other candidates of this matter"


class PacketNow:
    """The packet of an application as it is now, put together once when somebody asks.

    `just_read` says that the application and its lead were read for this very page, with all it shows.
    """

    def __init__(self, application: WarrantApplication, *, just_read: bool = False) -> None:
        self.application, self.just_read = application, just_read

    @cached_property
    def sections(self) -> list[Section]:
        """Its parts, from rows read now."""
        if self.just_read:
            return sections_of(self.application)
        fresh = WarrantApplication.objects.select_related("lead__candidate__search", "lead__case", "lead__person")
        return sections_of(fresh.get(pk=self.application.pk))

    @cached_property
    def parts(self) -> dict[str, str]:
        """Heading to digest."""
        return parts_of(self.sections)

    @property
    def counted(self) -> dict[str, int]:
        """How many searches, candidates and examinations its parts show, counted in the parts themselves."""
        by_heading = {section.heading: section for section in self.sections}
        own = by_heading[OWN_EXAMINATIONS].paragraphs
        return {
            "searches": len(by_heading[SEARCHES].rows),
            "candidates": sum(len(s.rows) for s in self.sections if s.heading.startswith(CANDIDATES_OF)),
            "examinations": len(own) + len(by_heading[OTHER_EXAMINATIONS].rows),
        }

    @property
    def version(self) -> str:
        """What names this version of it."""
        return version_of(self.parts)


def parts_of(sections: list[Section]) -> dict[str, str]:
    """Each part's heading with its digest; without the list of decisions, which grows by every question that is asked."""
    return {section.heading: digest(asdict(section)) for section in sections if section.heading != DECISIONS}


def version_of(parts: dict[str, str]) -> str:
    """SHA-256, hex, of a packet's parts, each heading and digest a line of its own; the database computes the same."""
    lines = "".join(f"{heading}\n{part}\n" for heading, part in sorted(parts.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def sections_of(application: WarrantApplication, *, version: int | None = None) -> list[Section]:
    """The packet's parts in order; `version`: the one that is being sealed."""
    lead = application.lead
    searches = searches_to_disclose(lead.case)
    search = next(search for search in searches if search.pk == lead.candidate.search_id)
    card = cards.read(search.model_card)
    *earlier, newest = applications_until(application)
    matter = cases_of_the_matter(lead.case)
    return [
        how_it_was_used(lead),
        _tool(search, card),
        error_rates(card),
        what_ran(searches),
        families(searches),
        how_it_came_together(lead.case, matter),
        *opened_by_who_searched(lead.case, matter),
        every_search(searches, sealed_among(matter, lead.case_id)),
        quality_of_each(searches),
        *[candidates_of(search) for search in searches],
        who_took_part(searches),
        *_examinations(lead, searches),
        how_they_were_drawn(searches),
        *_signed_off(lead),
        corroboration(lead),
        _against(lead, application),
        _before(lead),
        _decisions(lead),
        *[_captains(one, f"Earlier application {one.number}, {one.get_state_display().lower()}") for one in earlier],
        who_it_is(application),
        _captains(newest, OWN_PART),
        *after_approval(application, version=version),
    ]


def how_it_was_used(lead: Lead) -> Section:
    """The first part: that face search was used, on what, why, and what it cannot say."""
    search = lead.candidate.search
    return Section(
        "Facial recognition was used",
        [
            f"On {_day(search.requested_at)} a still image ({search.probe.label}) was compared with "
            f"{faces(search.gallery_size)} from public sources: {', '.join(search.sources)}. {_sizes_before(search)}",
            f"{LEAD_ONLY} A search compares pictures; it identifies no one.",
            f"Purpose: {search.get_purpose_display()}. Offense: {search.offense or 'none named'}. "
            f"Requested by {search.requested_by.display_name}. Facts given: {search.facts}",
            f"The person of this lead was rank {lead.candidate.rank} with match score "
            f"{score(lead.candidate.match_score)}, {score(lead.candidate.score_high)} at the milder end of the fits. The least "
            f"that a lead needs was {search.threshold:g} at the search{_at_promotion(lead)}. The score is not the probability "
            "that this is the person.",
            f"{lead.created_by.display_name} made it a lead on {_day(lead.created_at)}, {made_under(lead)}.",
        ],
        [],
        [],
    )


def _at_promotion(lead: Lead) -> str:
    """The bar when it was made a lead: an amendment may have moved it since the search."""
    bar = bar_of(lead)
    return "" if bar is None else f" and {bar:g} when it was made a lead"


def _sizes_before(search: SearchRequest) -> str:
    """How large the gallery was in the searches before, of whatever case: a score depends on it."""
    sizes = [f"{size:,}" for size in gallery_sizes_before(search)]
    if not sizes:
        return "No search came before it."
    return f"The searches before it, of whatever case, compared: {', '.join(sizes)} (the last one first)."


def _tool(search: SearchRequest, card: ModelCard) -> Section:
    expected = card.expectation(search.gallery_size, bar=float(search.threshold))
    return Section(
        "The tool and its limits",
        [
            f"Model {card.model_id}, maker: {card.maker}. Detector: {card.detector}. "
            f"Method: {search.mode}, every face compared.",
            f"Calibrated {day_in(card.fitted_on)} on {card.data} ({card.people} people, {card.images} photos, {card.trimmed} "
            f"pairs left out as label errors); supported up to {card.supported_people:,} people"
            + (
                ", beyond which the score is extrapolated and its stricter end used."
                if search.gallery_size > card.supported_people
                else "."
            ),
            f"Expected at this gallery size, of 1,000 searches for people who are not in it: {expected.false_alarms} show "
            f"somebody at {search.threshold:g} or more. Of 1,000 for people who are in it: {expected.missed} show nobody.",
            *card.limits,
        ],
        [],
        [],
    )


def _examinations(lead: Lead, searches: list[SearchRequest]) -> list[Section]:
    """The two of this candidate in full, and those of the case's other candidates (FR-14: disagreement as well)."""
    own, others = [], []
    for search in searches:
        for candidate in search.candidates.all():
            (own if candidate.pk == lead.candidate_id else others).extend(
                (f"{candidate.rank} of {search.number}", examination) for examination in candidate.examinations.all()
            )
    knew = {one.pk for one in knew_the_matter([lead.candidate_id])}
    return [_own_examinations([examination for _, examination in own], knew), _other_examinations(others)]


def _own_examinations(found: list[Examination], not_blind: set[int]) -> Section:
    paragraphs = [
        f"{e.get_position_display()}: {e.examiner.display_name}, {at(e.recorded_at)}. "
        f"{NOT_BLIND if e.pk in not_blind else ''}"
        f"Certificate: {e.certificate}. Conclusion: {e.get_conclusion_display().lower()}. "
        f"Based on: {e.basis} What does not fit: {e.does_not_fit}"
        for e in found
    ]
    answers = [{words: f"{answer}. {note}".strip(" ") for words, answer, note in e.answers} for e in found]
    components = list(answers[0]) if answers else []
    return Section(
        OWN_EXAMINATIONS,
        paragraphs,
        ["Component", *[e.get_position_display() for e in found]],
        [[component, *[answer[component] for answer in answers]] for component in components],
    )


def _other_examinations(found: list[tuple[str, Examination]]) -> Section:
    return Section(
        OTHER_EXAMINATIONS,
        [] if found else ["None."],
        ["Candidate", "Examiner", "Conclusion", "Based on", "What does not fit"],
        [
            [candidate, f"{e.get_position_display()}: {e.examiner.display_name}, {at(e.recorded_at)}",
             e.get_conclusion_display(), e.basis, e.does_not_fit]
            for candidate, e in found
        ],
    )  # fmt: skip


def _signed_off(lead: Lead) -> list[Section]:
    signed = signoff_of(lead)
    if signed is None:
        return []
    words = f"{signed.supervisor.display_name} signed off on {at(signed.at)}: {signed.reasons}"
    return [Section("The third signature", [words], [], [])]


def _against(lead, application: WarrantApplication) -> Section:
    rows = []
    for entry in entries_of(lead):
        given = [f"{a.get_outcome_display()}: {a.text} ({a.answered_by.short_name}, {at(a.answered_at)})"
                 for a in entry.answers.all()]  # fmt: skip
        by = entry.entered_by.short_name if entry.entered_by else "from the records"
        rows.append([f"{entry.get_kind_display()} ({by}, {at(entry.entered_at)})", f"{entry.what}{_gone(entry.evidence)}",
                     " Before that: ".join(given) or "Not answered"])  # fmt: skip
    return Section(
        "What speaks against this person",
        [f"The applicant on what does not fit: {application.does_not_fit}"],
        ["Kind", "What it shows", "Answer"],
        rows,
    )


def _gone(exhibit: Evidence | None) -> str:
    """That the exhibit on which something rests was withdrawn, by whom and why; "" where it was not."""
    if exhibit is None or exhibit.withdrawn_at is None or exhibit.withdrawn_by is None:
        return ""
    by, when = exhibit.withdrawn_by.display_name, at(exhibit.withdrawn_at)
    return f" {exhibit.label} was withdrawn by {by}, {when}: {exhibit.withdrawn_reason}"


def _before(lead: Lead) -> Section:
    """Other leads to this face, how they stand, and why it has a way to a warrant where it was no suspect's (FR-12)."""
    others = [one for one in leads_of_the_face(lead).select_related("created_by") if one.pk != lead.pk]
    paragraphs = [] if others else ["No other lead was made to this face."]
    if ends := ends_of_the_face(lead):
        new = new_since(lead)
        paragraphs += [f"{words}." for _, words in ends]
        paragraphs += [f"New since: {' '.join(new)}" if new else "Nothing is new since that frees this lead (FR-13)."]
    searches = list(other_purposes(lead))
    for excepted in exceptions_of(lead):
        named = [one for one in searches if names(excepted, one)]
        paragraphs.append(
            f"{excepted.captain.display_name}, {at(excepted.at)}, on why this face has a way to a warrant though it was "
            f"searched for as no suspect ({searches_in_words(named, lead.case_id)}): {excepted.reason}"
        )
    return Section(
        "What came before for this face",
        paragraphs,
        ["Lead", "Made", "By", "Where it stands"],
        [_told_here(one, lead) or [or_sealed(one.case, lead.case_id, ""), *["Not told here"] * 3] for one in others],
    )


def _told_here(one: Lead, lead: Lead) -> list[str]:
    """Another lead to the face of this one as its packet lists it; nothing where its case is sealed."""
    if one.case.sealed and one.case_id != lead.case_id:
        return []
    return [f"{one.number}, case {one.case.case_number}", at(one.created_at), one.created_by.display_name,
            f"{one.get_state_display()}. {one.cleared_reason}"]  # fmt: skip


def _decisions(lead) -> Section:
    taken = Decision.objects.filter(case_number=lead.case.case_number).exclude(action__endswith=".view")
    return Section(
        DECISIONS,
        [
            "Department policy; no California statute on police face search was found in force. Looks at pages are left out."
        ],
        ["Decision", "When", "Who", "What", "Outcome, and why", "Manual"],
        [
            _decision(d)
            for d in taken.select_related("actor", "manual_version").order_by("id")
            if d.pk and not d.action.startswith("warrant.packet")
        ],
    )


def _decision(d: Decision) -> list[str]:
    about = f": {d.subject_label}" if d.subject_label else ""
    return [
        str(d.pk),
        at(d.at),
        d.actor.display_name,
        f"{action_words(d.action)}{about}",
        _outcome(d),
        d.manual_version.number,
    ]


def _outcome(d: Decision) -> str:
    """Allowed or denied, with the sentences of the rules that stood in the way, and the words that were given."""
    why = [f"{v['rule_id']}: {v.get('sentence', '')}" for v in d.verdicts if d.denied and v["outcome"] in BLOCKING]
    said = [f"Reasons given: {d.justification}"] if d.justification else []
    return " ".join([f"{d.get_outcome_display()}.", *why, *said])


def _captains(application: WarrantApplication, heading: str) -> Section:
    return Section(
        heading,
        [
            f"{application.applicant.display_name} applied on {at(application.submitted_at)}: {application.statement}",
            *([f"It was returned. {application.returned_reason}"] if application.returned_reason else []),
        ],
        ["Captain", "Decision", "When", "Reasons"],
        [[d.captain.display_name, d.get_outcome_display(), at(d.at), d.reasons] for d in application.decisions.all()],
    )


def _day(value: datetime) -> str:
    return timezone.localtime(value).strftime("%B %-d, %Y")
