"""FR-02: a case that who searches in it opened himself is accepted by a captain; what was not accepted is veiled."""

from collections.abc import Iterator

from cases.access import access_verdict, sealed_verdict
from ecpd.accounts.roles import READS_VEILED_RESULTS
from ecpd.checks.letters import seen_length
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from leads.models import SearchRequest
from leads.selectors.self_opened import VEILED, WAITS, Stands, part_in, stands_of, why_veiled

REASON_MIN_CHARS = 20


@rule("FR-02", on=["search.request", "search.run"])
def accepted_by_a_captain(ctx: Context) -> Verdict:
    """Who opened the case himself searches while a captain's word is awaited, and not after it failed to come."""
    case = ctx.fact("case") or ctx.subject.case
    if case.opened_by_id != ctx.actor.pk:
        return ctx.met("Somebody else opened the case.")
    answers = {answer.accepted: answer for answer in case.acceptances.select_related("captain")}
    if True in answers:
        return ctx.met(f"You opened this case; {answers[True].captain.short_name} accepted it.")
    if False in answers:
        return ctx.unmet(
            f"You opened this case, and {answers[False].captain.short_name} refused it: {answers[False].reason}",
            "A captain may accept it later, with a reason.",
        )
    hours = f"{ctx.parameter('self_opened_hours'):g}"
    asked = case.searches.filter(accept_by__isnull=False).annotate(stands=Stands("pk"))
    if asked.filter(stands__in=VEILED).exists():
        return ctx.unmet(
            f"You opened this case, and no captain accepted it within {hours} hours of your first search.",
            "Ask a captain to accept it; then search anew.",
        )
    return ctx.met(
        f"You opened this case yourself: a captain accepts it within {hours} hours of the search. Until then the result makes "
        "no lead; after that it is closed, and the auditor is told."
    )


@rule("FR-02", on="lead.promote")
def case_is_accepted(ctx: Context) -> Verdict:
    """A candidate of a search in a case that its requester opened makes a lead once a captain accepted the case in time."""
    stands = stands_of(_anew(ctx.subject.search))
    if not stands:
        return ctx.met("The case needs no captain's word, or has it.")
    if stands == WAITS:
        return ctx.unmet(
            "Who searched opened this case, and no captain has accepted it yet.", "A captain accepts it first."
        )
    return ctx.unmet(
        why_veiled(ctx.subject.search), "This result makes no lead. Once the case is accepted, search anew."
    )


@rule("FR-02", on=["search.view", "search.replay", "review.assign", "review.conclude"])
def result_is_not_veiled(ctx: Context) -> Verdict:
    """A veiled result is for the auditor, and for who discloses it. That there was a search, everybody may read."""
    search = ctx.subject if isinstance(ctx.subject, SearchRequest) else ctx.subject.search
    if ctx.action == "search.view" and not ctx.fact("result"):
        return ctx.by_construction("The request is open to who may see the case.", "What it found is asked for apart.")
    if READS_VEILED_RESULTS & ctx.actor.role_names or stands_of(_anew(search)) not in VEILED:
        return ctx.met("The result is not veiled for you.")
    if ctx.action == "review.conclude":  # a second examiner learns nothing of the case
        return ctx.unmet("This comparison is closed.", "Nothing more is needed here.")
    return ctx.unmet(f"This result is veiled. {why_veiled(search)}", "The auditor reads it, and whoever discloses it.")


@rule("FR-02", on="case.accept")
def accepts_without_a_part(ctx: Context) -> Iterator[Verdict]:
    """Who accepts opened no case of the matter, searched in none, and says why, once."""
    case = ctx.subject
    if part := part_in(case, ctx.actor):
        yield ctx.unmet(part, "Another captain answers.")
    else:
        yield ctx.met("You opened no case of this matter and searched in none.")
    given = set(case.acceptances.values_list("accepted", flat=True))
    if True in given or (given and not ctx.fact("accepted", default=True)):
        yield ctx.unmet("This case is accepted or refused already.", "Nothing more is needed here.")
    else:
        yield ctx.met("Nobody has accepted the case.")
    if seen_length(ctx.justification) < REASON_MIN_CHARS:
        yield ctx.unmet("No reason is given.", "Say in a sentence why this case is opened rightly, or is not.")


@rule("AC-09", on="case.accept")
def sees_the_case(ctx: Context) -> Verdict:
    """The captain may see the case."""
    return access_verdict(ctx, ctx.subject, "view")


@rule("AC-04", on="case.accept")
def sealed_by_name(ctx: Context) -> Verdict:
    """Sealed cases by name only."""
    return sealed_verdict(ctx, ctx.subject)


def _anew(search: SearchRequest) -> SearchRequest:
    """A door asks how it stands now, whatever was read with it before."""
    search.__dict__.pop("stands", None)
    return search
