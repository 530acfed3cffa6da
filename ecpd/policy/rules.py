"""Rules about changing the manual itself."""

from datetime import timedelta

from ecpd.policy import services, versions
from ecpd.policy.manual import PARAMETERS
from ecpd.policy.models import Amendment
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from ecpd.web.words import setting


@rule("AU-04", on="amendment.decide")
def decided_by_another(ctx: Context) -> Verdict:
    """Who proposed an amendment does not decide it, and it is decided once."""
    amendment: Amendment = ctx.subject
    if amendment.state != Amendment.State.PROPOSED:
        return ctx.unmet("This amendment is decided already.", "Propose a new one.")
    if amendment.proposed_by_id == ctx.actor.pk:
        return ctx.unmet("You proposed this amendment.", "Another chief or acting chief decides it.")
    return ctx.met("Somebody else proposed this amendment.")


@rule("AU-04", on="amendment.decide")
def proposed_against_what_holds(ctx: Context) -> Verdict:
    """The values it was proposed against are still those it would replace; what was approved since is not undone."""
    amendment: Amendment = ctx.subject
    if amendment.is_of_release:
        return ctx.met("This release brings these settings; its defaults count until you decide.")
    current = versions.at(services.starts(amendment.effective_on))
    changed = [name for name in amendment.changes if current.get(name) != amendment.before.get(name)]
    if not changed:
        return ctx.met("It changes what it was proposed to change.")
    words = "; ".join(
        f"{PARAMETERS[name].words.lower()} was {setting(amendment.before.get(name))} and will be {setting(current[name])}"
        for name in changed
    )
    return ctx.unmet(f"The manual changed since this was proposed: {words}.", "Reject it, and propose again if needed.")


@rule("AU-04", on="amendment.decide")
def council_before_loosening(ctx: Context) -> Verdict:
    """Loosening what was announced needs the council's item and 14 public days; tightening is immediate."""
    amendment: Amendment = ctx.subject
    loosened = services.loosened_by(amendment.before, amendment.changes)
    if not loosened:
        return ctx.met("It loosens nothing that was announced to the council.")
    public = services.starts(amendment.effective_on) - amendment.proposed_at
    if amendment.council_item and public >= timedelta(days=services.PUBLIC_DAYS):
        return ctx.met(f"Council item {amendment.council_item}; public for {services.PUBLIC_DAYS} days or more before.")
    return ctx.unmet(
        "It loosens what was announced to the council, without the council's item or fourteen public days.",
        "Reject it; a new proposal names the item and a date far enough ahead.",
    )


@rule("AU-04", on="amendment.propose")
def proposed_with_reason(ctx: Context) -> Verdict:
    """A proposal gives its reason."""
    if len(ctx.justification.strip()) < 20:
        return ctx.unmet("The proposal gives no reason.", "Say in a sentence why the manual should change.")
    return ctx.met("The proposal gives its reason.")
