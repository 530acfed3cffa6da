"""FR-08, FR-18 and FR-22: two examiners, the second blind, on a form of 19 components."""

from collections.abc import Iterator

from cases.access import access_verdict
from cases.models import Case
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from ecpd.web.words import moment
from leads.models import Candidate, ExaminationRequest
from leads.models.examination import ANSWERS, COMPONENTS, LEFT_OPEN
from leads.selectors.dark import dark_in_the_matter, is_dark, opened_the_list
from leads.selectors.lot import answer_until, lot_of, not_compared, why_replace
from leads.selectors.review import BEFORE_ASKED, blind_cases, why_not_blind


@rule("AC-09", on="review.assign")
def may_add_to_the_case(ctx: Context) -> Verdict:
    """Who has a second examiner drawn works on the case."""
    return access_verdict(ctx, ctx.subject.search.case, "contribute")


@rule("FR-08", on="review.assign")
def lot_can_be_drawn(ctx: Context) -> Iterator[Verdict]:
    """The first examiner has compared every candidate at or above the bar, nobody waits, and somebody may be drawn."""
    candidate: Candidate = ctx.subject
    left = [str(one.rank) for one in not_compared(candidate)]
    if not candidate.examinations.filter(position=1).exists():
        yield ctx.unmet("The first examination is not recorded yet.", "Record yours first.")
    elif left:
        yield ctx.unmet(f"Not compared yet: candidate {', '.join(left)}.", "Compare the whole list first.")
    if candidate.examinations.filter(position=2).exists():
        yield ctx.unmet("The second examination is recorded already.", "Read it below.")
    for asked in candidate.examination_requests.filter(state="open").select_related("examiner"):
        if not why_replace(asked):
            until = moment(answer_until(asked))
            yield ctx.unmet(f"{asked.examiner.short_name} is drawn.", f"Wait for the answer until {until}.")
    size, least = len(lot_of(candidate)), ctx.parameter("lot_min")
    if not size:
        yield ctx.unmet(
            "Nobody is left who may be drawn.", "Have another investigator certified who knows nothing of this matter."
        )
    elif size < least:
        yield ctx.met(f"Only {size} may be drawn; the manual asks for {least}. It goes on, and it is disclosed.")
    else:
        yield ctx.met(f"{size} certified people who know nothing of the matter may be drawn.")


@rule("FR-08", on="review.answer")
def is_drawn(ctx: Context) -> Verdict:
    """Only who was drawn answers whether something of the case is known."""
    asked: ExaminationRequest = ctx.subject
    if asked.examiner_id == ctx.actor.pk and asked.state == ExaminationRequest.State.OPEN:
        return ctx.met("You are drawn to examine this.")
    return ctx.unmet("You are not drawn to examine this.", "Go back to what waits for you.")


@rule("FR-08", on="review.conclude")
def right_examiner(ctx: Context) -> Verdict:
    """The first works on the case; the second was asked and knows nothing of the matter."""
    candidate: Candidate = ctx.subject
    if candidate.search.case.status == Case.Status.CLOSED:
        return ctx.unmet("The case is closed.", "Who manages the case reopens it first.")
    done = {e.position: e.examiner_id for e in candidate.examinations.all()}
    if ctx.fact("position") == 1:
        if 1 in done:
            return ctx.unmet("The first examination is recorded already.", "A second examiner is asked next.")
        if opened_the_list(candidate.search, ctx.actor):
            return ctx.unmet("You opened the whole list before its faces were compared.", "A colleague compares them.")
        return access_verdict(ctx, candidate.search.case, "contribute")
    if 1 not in done or 2 in done:
        return ctx.unmet("There is nothing for a second examiner here.", "Go back to what waits for you.")
    if why := why_not_blind(candidate, [ctx.actor.pk], but_for=BEFORE_ASKED).get(ctx.actor.pk):
        return ctx.unmet(why.told, "Another examiner is drawn.")
    asked = candidate.examination_requests.filter(examiner=ctx.actor, state="open").first()
    if asked is None:
        return ctx.unmet("You were not drawn to examine this.", "A second examiner is drawn by lot.")
    if asked.lot_size is not None and asked.knew_nothing_at is None:
        return ctx.unmet("You have not said whether you know the case.", "Open the examination and answer that first.")
    return ctx.met("You know nothing of the matter and see nothing of the first examination.")


@rule("FR-08", on=["search.view", "lead.view", "warrant.view", "warrant.packet"])
def blind_until_recorded(ctx: Context) -> Verdict:
    """Who is asked for a second examination sees neither scores, ranks, names nor the first examination."""
    case: Case = ctx.subject.case
    if case.pk not in set(blind_cases(ctx.actor)):
        return ctx.met("You are not asked for a blind examination in this matter.")
    return ctx.unmet(
        "You are asked to compare two faces of this matter without knowing what a search found.",
        "Record your examination first; it waits for you on the start page.",
    )


@rule("FR-08", on=["candidates.view", "search.replay"])
def compares_before_the_list(ctx: Context) -> Verdict:
    """Who may compare the faces of a list first sees no score, rank, name or source of it before."""
    if not is_dark(ctx.subject, ctx.actor):
        return ctx.met("Nothing of this list is kept from you.")
    return ctx.unmet(
        "Scores, ranks, names and sources of this list are kept from you until its faces are compared.",
        "Compare the faces on the search's page, or open the whole list there.",
    )


@rule("FR-08", on="candidates.open")
def list_is_kept(ctx: Context) -> Verdict:
    """Only who may still compare the faces has a list to open; with it, he examines none of them."""
    if is_dark(ctx.subject, ctx.actor):
        return ctx.met("The list is kept from you so far. Who opens it examines no face of it.")
    return ctx.unmet("Nothing of this list is kept from you.", "Open the search.")


@rule("FR-08", on="warrant.packet")
def packet_holds_no_kept_list(ctx: Context) -> Verdict:
    """A packet holds every list of the matter: who may compare the faces of one reads it afterward."""
    if not (kept := dark_in_the_matter(ctx.subject.lead, ctx.actor)):
        return ctx.met("No list of the matter is kept from you.")
    return ctx.unmet(
        f"The packet holds the list of {', '.join(kept)}, whose faces you may still compare.",
        "Compare the faces, or open the whole list, on that search's page.",
    )


@rule("FR-22", on="review.conclude")
def form_is_complete(ctx: Context) -> Iterator[Verdict]:
    """All 19 answered, every difference explained; beside a difference an exclusion may leave the rest open."""
    components = ctx.fact("components") or {}
    said = {key: components.get(key, {}).get("value") for key in COMPONENTS}
    enough = set(ANSWERS)
    if ctx.fact("conclusion") == "exclude" and "different" in said.values():
        enough.add(LEFT_OPEN)
    missing = [words for key, words in COMPONENTS.items() if said[key] not in enough]
    unexplained = [
        words
        for key, words in COMPONENTS.items()
        if components.get(key, {}).get("value") == "different" and not components[key].get("note", "").strip()
    ]
    if missing:
        yield ctx.unmet(f"{len(missing)} of 19 are not answered: {', '.join(missing).lower()}.", "Answer each of them.")
    elif LEFT_OPEN in said.values():
        yield ctx.met("A difference excludes; what it does not need is left open.")
    else:
        yield ctx.met("All 19 components are answered.")
    if unexplained:
        yield ctx.unmet(f"Not explained: {', '.join(unexplained).lower()}.", "Explain every difference.")


@rule("FR-22", on="review.conclude")
def enough_is_similar(ctx: Context) -> Verdict:
    """A possible match rests on as many similar components as the manual asks."""
    if ctx.fact("conclusion") != "possible_match":
        return ctx.met("Only a possible match needs similar components.")
    components, least = ctx.fact("components") or {}, ctx.parameter("examination_min_similar")
    similar = sum(answer.get("value") == "similar" for answer in components.values())
    if similar >= least:
        return ctx.met(f"{similar} components are similar.")
    return ctx.unmet(
        f"Only {similar} components are similar; a possible match needs {least}.",
        "Conclude “inconclusive”, or look again at what is visible.",
    )


@rule("FR-18", on="review.conclude")
def says_what_does_not_fit(ctx: Context) -> Verdict:
    """An examiner answers what does not fit."""
    if str(ctx.fact("does_not_fit", "")).strip() and str(ctx.fact("basis", "")).strip():
        return ctx.met("What does not fit is in words.")
    return ctx.unmet("What it is based on, or what does not fit, is not written.", "Write both, if only “nothing”.")
