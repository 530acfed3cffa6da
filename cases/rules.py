"""Policy rules of cases."""

from collections.abc import Iterator

from cases.access import Level, access_verdict, sealed_verdict
from cases.models import Case
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict

LEVEL_OF: dict[str, Level] = {
    "case.view": "view",
    "case.contribute": "contribute",
    "case.manage": "manage",
    "case.seal": "manage",
    "case.close": "manage",
    "case.assign": "manage",
    "case.tie": "contribute",
    "case.untie": "manage",
    "evidence.add": "contribute",
    "evidence.withdraw": "contribute",
    "evidence.hand_over": "contribute",
    "evidence.download": "view",
    "person.merge.propose": "contribute",
    "person.merge.decide": "manage",
}


def case_of(subject) -> Case:
    """The case a subject belongs to, or the subject itself when it is one."""
    return subject if isinstance(subject, Case) else subject.case


@rule("AC-04", on=sorted(LEVEL_OF))
def sealed_by_name_only(ctx: Context) -> Verdict:
    """A sealed case is open by name only."""
    return sealed_verdict(ctx, case_of(ctx.subject))


@rule("AC-09", on=sorted(LEVEL_OF))
def has_access(ctx: Context) -> Verdict:
    """The person has the permission on this case that the action needs."""
    return access_verdict(ctx, case_of(ctx.subject), LEVEL_OF[ctx.action])


@rule("AC-09", on=["case.contribute", "case.tie", "evidence.add", "evidence.hand_over", "person.merge.propose"])
def case_takes_more(ctx: Context) -> Verdict:
    """A closed case takes nothing more."""
    case = case_of(ctx.subject)
    if case.status == Case.Status.CLOSED:
        return ctx.unmet(f"{case} is closed.", "Reopen it first.")
    return ctx.met(f"{case} is {case.get_status_display().lower()}.")


@rule("AC-07", on=["evidence.withdraw", "case.seal", "case.close", "case.untie"])
def says_why(ctx: Context) -> Verdict:
    """What is withdrawn, sealed or closed says why; nothing is deleted."""
    if len(ctx.justification.strip()) < 10:
        return ctx.unmet("No reason is given.", "Say why, in a few words; it stays on the record.")
    return ctx.met("The reason stays on the record.")


@rule("AC-09", on="case.tie")
def sees_the_other(ctx: Context) -> Iterator[Verdict]:
    """Who links two cases may look at both."""
    if (other := ctx.fact("other")) is not None:
        yield access_verdict(ctx, other, "view")


@rule("AC-04", on="case.tie")
def other_by_name_only(ctx: Context) -> Iterator[Verdict]:
    """A sealed case is linked to by who is named on it."""
    if (other := ctx.fact("other")) is not None:
        yield sealed_verdict(ctx, other)


@rule("AC-07", on="person.merge.decide")
def somebody_else_decides(ctx: Context) -> Verdict:
    """Who proposed a merge does not approve it; a merge can be undone."""
    merge = ctx.subject
    if merge.state == merge.State.PROPOSED and merge.proposed_by_id == ctx.actor.pk:
        return ctx.unmet("You proposed this merge.", "A colleague who manages the case decides on it.")
    return ctx.met("A merge can be undone; nothing is deleted.")
