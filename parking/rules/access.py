"""PK-05 and PK-06: looking at plate data, and letting it go."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import PlateQuery

MIN_REASON = 10
LOOKING = ["plate.query", "plate.export"]


@rule("PK-06", on=LOOKING)
def says_what_for(ctx: Context) -> Verdict:
    """A look at plate data has one of the policy's purposes and a reason in words."""
    if ctx.fact("purpose") not in PlateQuery.Purpose.values:
        return ctx.unmet("No purpose is chosen.", "Choose one of the purposes that the usage policy names.")
    if len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say why you look, with a case or citation number if there is one.")
    return ctx.met("Time, terms, your name and organization, purpose and reason are recorded.")


@rule("PK-05", on="plate.purge")
def council_has_resolved(ctx: Context) -> Verdict:
    """Deleting reads rests on a council resolution."""
    resolution = str(ctx.parameter("plate_retention_resolution")).strip()
    days = ctx.parameter("plate_retention_days")
    if not resolution:
        return ctx.unmet(
            "No council resolution on deleting reads is entered.",
            "Propose an amendment with its number and date; until then nothing is deleted.",
        )
    return ctx.met(f"Reads without a hit go after {days} days under {resolution}; evidence and holds stay.")


@rule("PK-05", on="plate.hold")
def hold_says_why(ctx: Context) -> Verdict:
    """A hold and its release say why."""
    if len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say what the data is needed for, or why it no longer is.")
    return ctx.met("The reason stays on the record.")
