"""PK-16: what a violation costs stands on a resolution."""

from datetime import date

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict


@rule("PK-16", on="violation.change")
def amount_on_a_resolution(ctx: Context) -> Verdict:
    """An amount names the resolution that set it, and does not reach back into days already cited."""
    amount = ctx.fact("amount")
    if amount is None:
        return ctx.met("No amount changes.")
    if not amount.resolution.strip() or amount.resolved_on is None:
        return ctx.unmet("The amount names no resolution.", "Enter the resolution and the date it was taken.")
    if amount.resolved_on > amount.effective_on:
        return ctx.unmet("It would be in force before it was resolved.", "Check both dates.")
    today: date = ctx.fact("today")
    if ctx.fact("has_amounts") and amount.effective_on < today:
        return ctx.unmet("It would change what days in the past cost.", f"Let it begin on {today} or later.")
    return ctx.met(f"{amount.resolution} sets it from {amount.effective_on} on.")


@rule("PK-16", on="violation.change")
def disabled_space_in_range(ctx: Context) -> Verdict:
    """State law sets the range for spaces of people with disabilities (Vehicle Code 40203.5)."""
    amount = ctx.fact("amount")
    if amount is None or not ctx.subject.disabled_space:
        return ctx.met("State law sets no range for this violation.")
    low, high = ctx.parameter("disabled_penalty_min_dollars"), ctx.parameter("disabled_penalty_max_dollars")
    if not low * 100 <= amount.amount_cents <= high * 100:
        return ctx.unmet(
            f"The penalty for such a space is ${low} to ${high} (40203.5).", "Enter an amount in this range."
        )
    return ctx.met(f"It lies between ${low} and ${high} (40203.5).")
