"""Rules about changing the manual itself."""

from ecpd.policy.models import Amendment
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict


@rule("AU-04", on="amendment.decide")
def decided_by_another(ctx: Context) -> Verdict:
    """Who proposed an amendment does not decide it, and it is decided once."""
    amendment: Amendment = ctx.subject
    if amendment.state != Amendment.State.PROPOSED:
        return ctx.unmet("This amendment is decided already.", "Propose a new one.")
    if amendment.proposed_by_id == ctx.actor.pk:
        return ctx.unmet("You proposed this amendment.", "Another chief or acting chief decides it.")
    return ctx.met("Somebody else proposed this amendment.")


@rule("AU-04", on="amendment.propose")
def proposed_with_reason(ctx: Context) -> Verdict:
    """A proposal gives its reason."""
    if len(ctx.justification.strip()) < 20:
        return ctx.unmet("The proposal gives no reason.", "Say in a sentence why the manual should change.")
    return ctx.met("The proposal gives its reason.")
