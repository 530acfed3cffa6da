"""FR-07, FR-08, FR-10, FR-11, FR-12: from a candidate to a lead that may be marked for warrant."""

from collections.abc import Iterator

from cases.access import access_verdict, sealed_verdict
from cases.models import Case
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from leads.corroboration import (
    IS_A_LINEUP,
    SAY_WHAT_WAS_SHOWN,
    SHOWN_PHOTOS,
    WHY_NOT,
    answers_no,
    asks_of_photos,
)
from leads.models import Candidate, Corroboration, Examination, Lead
from leads.selectors.dark import KEPT, dark_among, kept_records
from leads.selectors.history import (
    exceptions_of,
    knew_the_matter,
    not_blind_in_words,
    not_excepted,
    not_thought_possible,
    or_sealed,
    other_purposes,
    searches_in_words,
)
from leads.selectors.lead import (
    counting_items,
    counts_as,
    is_lineup,
    items_of,
    rejected_exhibits,
    signoff_of,
    why_another_kind,
)
from leads.selectors.lot import not_compared, not_sent
from leads.selectors.standing import FACE, NOT_COMPARED, OF_SEARCH, WAITS, Standing, standings_of
from leads.selectors.warrant import decided_on_the_face, excepted_the_face, people_with_a_part_in

TO_ACT = [
    "lead.promote", "lead.clear", "corroboration.link", "corroboration.withdraw", "lineup.open", "exculpatory.answer",
    "lead.mark_for_warrant", "warrant.apply", "warrant.withdraw", "warrant.step", "identity.enter",
]  # fmt: skip
TO_LOOK = ["lead.view", "lead.sign_off", "lead.allow_purpose", "exculpatory.add", "warrant.view", "warrant.packet",
           "corroboration.verify", "warrant.approve", "warrant.deny", "warrant.recall",
           "identity.answer"]  # fmt: skip


def case_of(subject) -> Case:
    """The case a subject of this app belongs to."""
    return subject.case


@rule("AC-09", on=[*TO_ACT, *TO_LOOK])
def has_access(ctx: Context) -> Verdict:
    """The person may see the case, or add to it when the action adds."""
    return access_verdict(ctx, case_of(ctx.subject), "contribute" if ctx.action in TO_ACT else "view")


@rule("AC-04", on=[*TO_ACT, *TO_LOOK])
def sealed_by_name(ctx: Context) -> Verdict:
    """Sealed cases by name only."""
    return sealed_verdict(ctx, case_of(ctx.subject))


@rule("FR-07", on="lead.promote")
def score_reaches_the_bar(ctx: Context) -> Verdict:
    """The stricter end of the match score reaches the manual's minimum."""
    candidate: Candidate = ctx.subject
    bar = ctx.parameter("match_score_min")
    shown = int(candidate.match_score * 10) / 10
    if candidate.match_score >= bar:
        return ctx.met(f"Match score {shown} is {bar:g} or more.")
    return ctx.unmet(
        f"Match score {shown} is under {bar:g}.", "This candidate cannot become a lead. Look for other evidence."
    )


@rule("FR-03", on=["lead.promote", "lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def probe_still_stands(ctx: Context) -> Verdict:
    """The picture that was searched with is not withdrawn."""
    found: Candidate = ctx.subject if isinstance(ctx.subject, Candidate) else _lead(ctx).candidate
    probe = found.search.probe
    if probe.withdrawn_at is None:
        return ctx.met("The probe still stands as evidence.")
    return ctx.unmet(f"The probe, {probe.label}, was withdrawn.", "Nothing that rests on it goes further.")


@rule("FR-08", on="lead.promote")
def two_examiners_agree(ctx: Context) -> Verdict:
    """Two certified examiners, the second blind, both concluded "possible match"."""
    found = {e.position: e for e in ctx.subject.examinations.all()}
    if 1 not in found:
        return ctx.unmet("Nobody has examined this candidate.", "Compare the two faces and record a conclusion.")
    if any(e.conclusion != "possible_match" for e in found.values()):
        return ctx.unmet("The examiners do not both conclude “possible match”.", "This candidate goes no further.")
    if 2 not in found:
        return ctx.unmet(
            "The second, blind examination is missing.", "It comes from somebody drawn by lot who knows nothing of it."
        )
    return ctx.met("Two trained examiners, the second blind, both concluded “possible match”.")


@rule("FR-08", on=["lead.promote", "lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def second_examiner_was_blind(ctx: Context) -> Verdict:
    """What is one matter may be known later: the second examiner knew no case of it, and not the face, as he recorded."""
    candidate: Candidate = ctx.subject if isinstance(ctx.subject, Candidate) else _lead(ctx).candidate
    knew = knew_the_matter([candidate.pk]).first()
    if knew is None:
        return ctx.met("The second examiner knew no case of the matter, nor the face, by what is known now.")
    return ctx.unmet(
        or_sealed(knew.candidate.search.case, candidate.case.pk, not_blind_in_words(knew, candidate.case)),
        "This goes no further. Search for the face again and ask somebody who knows nothing of the matter to examine it.",
    )


@rule("FR-08", on="lead.promote")
def whole_list_was_sent(ctx: Context) -> Verdict:
    """The whole list is compared, and each at or above the bar went to a second examiner, whatever the first concluded."""
    if left := [str(one.rank) for one in not_compared(ctx.subject)]:
        return ctx.unmet(f"Not compared yet: candidate {', '.join(left)}.", "Compare the whole list first.")
    if waiting := [str(one.rank) for one in not_sent(ctx.subject)]:
        return ctx.unmet(
            f"No second examiner is drawn for candidate {', '.join(waiting)}.",
            "Have one drawn on that candidate's page.",
        )
    return ctx.met("Every candidate at or above the bar went to a second examiner.")


@rule("FR-08", on=["lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def third_person_signed_off(ctx: Context) -> Verdict:
    """Where the manual asks for it, a captain who had no part in the lead has signed off on it."""
    if not ctx.parameter("lead_supervisor_signoff"):
        return ctx.met("The manual asks for no third signature.")
    signed = signoff_of(_lead(ctx))
    if signed is not None:
        return ctx.met(f"{signed.supervisor.short_name} signed off on it.")
    return ctx.unmet("Nobody has signed off on this lead.", "A captain who had no part in it reads it and signs off.")


@rule("FR-08", on="lead.sign_off")
def signs_without_a_part(ctx: Context) -> Iterator[Verdict]:
    """Who signs off had no part in the lead, and says what was looked at."""
    lead: Lead = ctx.subject
    parts = people_with_a_part_in(lead).get(ctx.actor.pk)
    if parts:
        yield ctx.unmet(f"You {' and '.join(sorted(parts))}.", "Another captain signs off.")
    elif ctx.actor.pk in excepted_the_face(lead):
        yield ctx.unmet("You said why this face has a way to a warrant.", "Another captain signs off.")
    elif ctx.actor.pk in decided_on_the_face(lead):
        yield ctx.unmet("You decided on an application for this face.", "Another captain signs off.")
    else:
        yield ctx.met("You had no part in this lead.")
    if lead.state not in (Lead.State.OPEN, Lead.State.DENIED) or signoff_of(lead) is not None:
        yield ctx.unmet("This lead is signed off, marked or over already.", "Nothing more is needed here.")
    if len(ctx.justification.strip()) < 10:
        yield ctx.unmet("What you looked at is not written.", "Say in a sentence what you looked at.")


@rule("FR-12", on=["lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def purpose_allows_a_warrant(ctx: Context) -> Verdict:
    """Only a search for a suspect has a way to a warrant, and no other search of the matter was for this face."""
    lead = _lead(ctx)
    search = lead.candidate.search
    if search.purpose != search.Purpose.SUSPECT:
        return ctx.unmet(
            f"The purpose was “{search.get_purpose_display().lower()}”.", "Nothing: it has no way to a warrant."
        )
    others = list(other_purposes(lead))
    if not others:
        return ctx.met("The purpose, identify a suspect, allows a warrant.")
    left = searches_in_words(not_excepted(lead, others), lead.case_id)
    if not left:
        names = " and ".join(dict.fromkeys(excepted.captain.short_name for excepted in exceptions_of(lead)))
        return ctx.met(f"{names} said why it has a way on, though {searches_in_words(others, lead.case_id)}.")
    return ctx.unmet(
        f"This face was searched for before as no suspect: {left}.",
        "A captain who had no part in it says why it has a way to a warrant; the packet prints it.",
    )


@rule("FR-12", on="lead.allow_purpose")
def excepted_with_a_reason(ctx: Context) -> Iterator[Verdict]:
    """Who excepts a face had no part in the lead and says why; there is a search that nobody excepted yet."""
    lead: Lead = ctx.subject
    parts = people_with_a_part_in(lead).get(ctx.actor.pk)
    if parts:
        yield ctx.unmet(f"You {' and '.join(sorted(parts))}.", "Another captain says why.")
    else:
        yield ctx.met("You had no part in this lead.")
    if not not_excepted(lead):
        yield ctx.unmet("Nothing is to be excepted for this face.", "Nothing more is needed here.")
    if len(ctx.justification.strip()) < 20:
        yield ctx.unmet("No reason is given.", "Say in a sentence why this face has a way to a warrant.")


@rule("FR-24", on=["lead.promote", "lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def not_ended_for_this_probe(ctx: Context) -> Verdict:
    """No examiner found this face, for this probe, to be no possible match: in whatever search of the matter."""
    candidate: Candidate = ctx.subject if isinstance(ctx.subject, Candidate) else _lead(ctx).candidate
    against = list(not_thought_possible(candidate).exclude(candidate=candidate))
    if not against:
        return ctx.met("Nobody found this face to be no possible match for this probe.")
    kept = dark_among((examination.candidate.search for examination in against), ctx.actor)
    words = dict.fromkeys(
        KEPT if examination.candidate.search_id in kept else _concluded(examination, candidate.case.pk)
        for examination in against
    )
    return ctx.unmet(f"{' '.join(words)}", _NO_FURTHER[isinstance(ctx.subject, Candidate)])


_NO_FURTHER = {
    True: "This face makes no lead for this probe. Look for other evidence.",
    False: "This lead goes no further. Clear it, and look for other evidence.",
}


def _concluded(examination: Examination, here: int) -> str:
    of = examination.candidate
    conclusion = examination.get_conclusion_display().lower()
    return or_sealed(
        of.search.case, here, f"An examiner concluded before: {conclusion} (candidate {of.rank} of {of.search.number})."
    )


@rule("FR-10", on=["lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def independently_corroborated(ctx: Context) -> Verdict:
    """Enough verified items that do not rest on the face."""
    lead = _lead(ctx)
    least = ctx.parameter("corroboration_min")
    counting = counting_items(lead, lineup_counts_alone=ctx.parameter("lineup_counts_alone"))
    if len(counting) >= least:
        words = ", ".join(str(item) for item in counting)
        return ctx.met(f"Verified, and not resting on the face: {words}.")
    standings = standings_of(lead)
    if unknown := _labels(lead, standings, NOT_COMPARED):
        return ctx.unmet(
            f"{unknown} or the probe has not been compared yet whether it is the same picture.",
            "A worker does so; if it stays, tell an administrator (`manage.py compare_pictures`).",
        )
    if waiting := _labels(lead, standings, WAITS):
        return ctx.unmet(
            "Not enough independent evidence is verified yet.",
            f"Somebody other than the person who linked it verifies {waiting}.",
        )
    if rejected_exhibits(lead):
        return ctx.unmet(
            "No independent evidence links this person but what a colleague rejected.",
            "What was rejected for a lead to this face counts under no other link; link something else.",
        )
    if resting := _labels(lead, standings, FACE):
        return ctx.unmet(
            f"No independent evidence links this person: {resting} rests on the face.",
            "Link what depends on nobody who saw or was told the probe, the gallery’s photo or the name.",
        )
    return ctx.unmet(
        "No independent evidence links this person.",
        "Link evidence that does not rest on the face, and have a colleague verify it.",
    )


def _labels(lead: Lead, standings: dict[int, Standing], standing: str) -> str:
    """The exhibits whose links stand so, as people say them."""
    return ", ".join(
        item.evidence.label
        for item in items_of(lead)
        if (found := standings.get(item.pk)) and found.standing == standing
    )


@rule("FR-11", on=["lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def lineup_not_alone(ctx: Context) -> Verdict:
    """A line-up counts only beside another verified independent item."""
    counting = [one for one in standings_of(_lead(ctx)).values() if one.counts]
    if counting and all(one.is_lineup for one in counting) and not ctx.parameter("lineup_counts_alone"):
        return ctx.unmet("A line-up stands alone.", "It counts only beside another verified independent item.")
    return ctx.met("No line-up stands alone.")


@rule("FR-11", on="lineup.open")
def lineup_needs_other_evidence(ctx: Context) -> Verdict:
    """A line-up for a face-search lead needs an independent verified item first."""
    others = [one for one in standings_of(ctx.subject).values() if one.counts and not one.is_lineup]
    if others or ctx.parameter("lineup_counts_alone"):
        return ctx.met("Another verified independent item links the person already.")
    return ctx.unmet(
        "Nothing but the search links this person.",
        "A line-up may follow only when a verified independent item links the person.",
    )


@rule("FR-11", on=["corroboration.link", "lineup.open"])
def lineup_is_linked_as_one(ctx: Context) -> Verdict:
    """What is a line-up is linked as one: the exhibit decides, not the label of the link."""
    item: Corroboration | None = ctx.fact("item")
    if item is not None and item.kind != Corroboration.Kind.LINEUP and is_lineup(item):
        return ctx.unmet(
            f"{item.evidence.label}: {IS_A_LINEUP}", "Choose “Photo line-up” and answer what is asked of one."
        )
    if item is not None and asks_of_photos(item.kind) and item.details.get(SHOWN_PHOTOS.name) != answers_no(item.kind):
        return ctx.unmet(f"{item.evidence.label}: {SAY_WHAT_WAS_SHOWN}", f"Answer “{SHOWN_PHOTOS.label}”.")
    return ctx.met("A line-up is linked as one, by what its exhibit is.")


@rule("FR-10", on=["corroboration.link", "lineup.open"])
def linked_as_what_it_is(ctx: Context) -> Verdict:
    """An exhibit is linked as what its kind and its file say that it is, and nothing that is the probe itself."""
    item: Corroboration | None = ctx.fact("item")
    if item is None or (is_a := counts_as(item)) in (item.kind, Corroboration.Kind.LINEUP):
        return ctx.met("An exhibit is linked as what it is.")
    remedy = {OF_SEARCH: "Link evidence that would exist without the search.", NOT_COMPARED: "Link it in a minute."}
    words = f"{item.evidence.label}: {WHY_NOT.get(is_a) or why_another_kind(item.evidence)}"
    return ctx.unmet(words, remedy.get(is_a, "Choose the kind of evidence that the exhibit is."))


@rule("FR-10", on="corroboration.verify")
def verified_by_another(ctx: Context) -> Verdict:
    """Who linked an item does not verify it; it is verified once."""
    item: Corroboration = ctx.subject
    if item.linked_by_id == ctx.actor.pk:
        return ctx.unmet("You linked this item.", "A colleague verifies it.")
    if item.withdrawn_at is not None or hasattr(item, "verification"):
        return ctx.unmet("This item is verified, rejected or withdrawn already.", "Nothing is left to do.")
    return ctx.met("Somebody else linked this item.")


@rule("FR-10", on=["corroboration.link", "lineup.open"])
def lead_takes_evidence(ctx: Context) -> Verdict:
    """A lead that is cleared or approved takes no more evidence."""
    lead: Lead = ctx.subject
    if lead.state in (Lead.State.CLEARED, Lead.State.APPROVED):
        return ctx.unmet(f"{lead} is {lead.get_state_display().lower()}.", "Nothing can be linked any more.")
    return ctx.met("The lead takes evidence.")


@rule("FR-18", on=["exculpatory.add", "exculpatory.answer"])
def register_is_open_to_all(ctx: Context) -> Verdict:
    """Anybody who may see the case enters what speaks against a lead."""
    return ctx.by_construction("What speaks against a lead is always taken.", "Nothing here can refuse it.")


@rule("FR-08", on="exculpatory.answer")
def answers_what_is_told(ctx: Context) -> Verdict:
    """Nobody answers what the register has of a list that is kept from him."""
    if kept_records([ctx.subject], ctx.actor):
        return ctx.unmet(KEPT, "Compare its faces first, or open that list on its search's page.")
    return ctx.met("You are told what this entry says.")


@rule("FR-10", on="lead.clear")
def clearing_needs_a_reason(ctx: Context) -> Verdict:
    """Clearing says why."""
    if len(ctx.justification.strip()) >= 10:
        return ctx.met("The reason stays on the record.")
    return ctx.unmet("No reason is given.", "Say what clears this person.")


def _lead(ctx: Context) -> Lead:
    return ctx.subject if isinstance(ctx.subject, Lead) else ctx.subject.lead
