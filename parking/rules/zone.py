"""PK-16: a zone is enforced on a resolution, with signs."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import Zone


@rule("PK-16", on="zone.change")
def enforced_on_a_resolution(ctx: Context) -> Verdict:
    """Nothing is enforced before the resolution it rests on and the date of its signs are entered."""
    zone = ctx.subject
    if not isinstance(zone, Zone):
        return ctx.met("New zones are enforced only with their resolution and the date of their signs.")
    enforced = ctx.fact("enforced", zone.enforced)
    resolution, signs = ctx.fact("resolution", zone.resolution), ctx.fact("signs_since", zone.signs_since)
    if enforced and not (str(resolution).strip() and signs):
        return ctx.unmet(
            "The zone has no resolution or no date of its signs.", "Enter both, then have the zone enforced."
        )
    return ctx.met("The zone's resolution and signs are entered, or it is not enforced.")
