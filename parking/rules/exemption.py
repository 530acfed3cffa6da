"""PK-03: an exemption stops alerts, so it names who says so and until when."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import Exemption

MIN_REASON = 10


@rule("PK-03", on="exemption.change")
def source_and_end(ctx: Context) -> Verdict:
    """Every exempt plate comes from somebody and expires."""
    exemption: Exemption | None = ctx.fact("exemption")
    source = exemption.source if exemption is not None else str(ctx.fact("source", ""))
    if not source.strip():
        return ctx.unmet("Nobody is named who says that they are exempt.", "Enter the office or agreement.")
    if exemption is not None and not exemption.ends > exemption.begins:
        return ctx.unmet("It has no end after its beginning.", "Enter the day it expires.")
    return ctx.met(f"{source} says so; what is taken in expires by itself.")


@rule("PK-03", on="exemption.change")
def ending_says_why(ctx: Context) -> Verdict:
    """An exemption is ended with a reason."""
    if ctx.fact("ends") and len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say in a sentence why it ends.")
    return ctx.met("It is on the record who changed the list.")
