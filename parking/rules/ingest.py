"""PK-09 and what a reader must be before its reads are taken."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import PlatePolicy
from parking.selectors.plate_policy import policy_in_force


@rule("PK-09", on="read.ingest")
def usage_policy_published(ctx: Context) -> Verdict:
    """A usage policy with its seven parts and the date of public comment is published."""
    policy = policy_in_force()
    if policy is None:
        return ctx.unmet(
            "No plate usage policy is published.",
            "Write its seven parts, enter the date of the public comment, and have the chief publish it.",
        )
    return ctx.met(f"{policy} is published; the public could comment on {policy.public_comment_on:%Y-%m-%d}.")


@rule("PK-09", on="plate_policy.publish")
def policy_is_whole(ctx: Context) -> Verdict:
    """All seven parts are written, and the public could comment before."""
    policy: PlatePolicy = ctx.subject
    if policy.published_at is not None:
        return ctx.unmet("This version is published already.", "Draft a new version.")
    if policy.missing:
        return ctx.unmet("The policy is not whole.", f"Still to write: {'; '.join(policy.missing)}.")
    if policy.drafted_by_id == ctx.actor.pk:
        return ctx.unmet("You drafted this version.", "Somebody else publishes it.")
    return ctx.met("All seven parts and the date of the public comment are there.")


@rule("PK-09", on="plate_policy.withdraw")
def withdrawal_says_why(ctx: Context) -> Verdict:
    """Withdrawing the policy stops every reader, and says why."""
    if len(ctx.justification.strip()) < 10:
        return ctx.unmet("No reason is given.", "Say why; every reader is refused from then on.")
    return ctx.met("Readers are refused from now on; the reason stays on the record.")
