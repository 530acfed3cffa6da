"""FR-08, FR-18 and FR-22: two examiners, the second blind, on a form of 19 components."""

from collections.abc import Iterator

from cases.access import access_verdict
from cases.models import Case
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from leads.models import Candidate
from leads.models.examination import ANSWERS, COMPONENTS
from leads.selectors.review import NotBlind, blind_cases, why_not_blind

BEFORE_ASKED = (NotBlind.SHOWN, NotBlind.HAD_TO_DO)  # what is asked of who is to be asked, and not of who was


@rule("AC-09", on="review.assign")
def may_add_to_the_case(ctx: Context) -> Verdict:
    """Who asks a second examiner works on the case."""
    return access_verdict(ctx, ctx.subject.search.case, "contribute")


@rule("FR-08", on="review.assign")
def examiner_can_be_second(ctx: Context) -> Iterator[Verdict]:
    """The one asked is certified and knows nothing of the matter, nor examined the face under another search of it."""
    candidate: Candidate = ctx.subject
    examiner: User | None = ctx.fact("examiner")
    first = candidate.examinations.filter(position=1).first()
    if first is None:
        yield ctx.unmet("The first examination is not recorded yet.", "Record yours first.")
    elif first.conclusion != "possible_match":
        yield ctx.unmet("The first examiner did not conclude “possible match”.", "This candidate goes no further.")
    if candidate.examinations.filter(position=2).exists():
        yield ctx.unmet("The second examination is recorded already.", "Read it below.")
    if examiner is None or Role.INVESTIGATOR not in examiner.role_names or examiner.current_certificate is None:
        yield ctx.unmet("No certified investigator is chosen.", "Choose one with a current certificate.")
    elif examiner.pk == ctx.actor.pk:
        yield ctx.unmet("Nobody asks themselves for a second examination.", "Choose somebody else.")
    elif why := why_not_blind(candidate, [examiner.pk], reader=ctx.actor).get(examiner.pk):
        yield ctx.unmet(f"{examiner.short_name} {why.words}.", "Choose somebody else.")
    else:
        yield ctx.met(f"{examiner.short_name} is certified and knows nothing of the matter.")


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
        return access_verdict(ctx, candidate.search.case, "contribute")
    if 1 not in done or 2 in done:
        return ctx.unmet("There is nothing for a second examiner here.", "Go back to what waits for you.")
    if why := why_not_blind(candidate, [ctx.actor.pk], but_for=BEFORE_ASKED).get(ctx.actor.pk):
        return ctx.unmet(why.told, "Who works on the case asks somebody else.")
    if not candidate.examination_requests.filter(examiner=ctx.actor, state="open").exists():
        return ctx.unmet("You were not asked to examine this.", "Who works on the case asks a second examiner.")
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


@rule("FR-22", on="review.conclude")
def form_is_complete(ctx: Context) -> Iterator[Verdict]:
    """All 19 answered, every difference explained."""
    components = ctx.fact("components") or {}
    missing = [words for key, words in COMPONENTS.items() if components.get(key, {}).get("value") not in ANSWERS]
    unexplained = [
        words
        for key, words in COMPONENTS.items()
        if components.get(key, {}).get("value") == "different" and not components[key].get("note", "").strip()
    ]
    if missing:
        yield ctx.unmet(f"{len(missing)} of 19 are not answered: {', '.join(missing).lower()}.", "Answer each of them.")
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
