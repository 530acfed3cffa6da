"""FR-05 and FR-06: what may be in the gallery."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from leads.models import GallerySource


@rule("FR-05", on="gallery.add_source")
def public_realm_only(ctx: Context) -> Verdict:
    """Booking, DMV and private photos are refused."""
    kind = ctx.fact("kind") or ctx.subject.kind
    if kind in GallerySource.REFUSED_KINDS:
        return ctx.unmet(
            f"{GallerySource.REFUSED_KINDS[kind]} are never in the gallery.",
            "Use photos from the public realm: news, city archives, public events, public pages.",
        )
    if kind not in GallerySource.Kind.values:
        return ctx.unmet("The kind of source is not known.", "Choose one of the public-realm kinds.")
    return ctx.met("The source is in the public realm.")


@rule("FR-05", on="gallery.import")
def source_in_use(ctx: Context) -> Verdict:
    """Photos come from a source that is entered and not withdrawn."""
    source: GallerySource = ctx.subject
    if source.withdrawn_at is not None:
        return ctx.unmet(f"{source} is withdrawn.", "Add a source that is in use.")
    return ctx.met(f"{source} is {source.get_kind_display().lower()}, in the public realm.")


@rule("FR-06", on="gallery.import")
def opted_out_are_blocked(ctx: Context) -> Verdict:
    """Each photo is checked against the opt-outs when it is imported."""
    return ctx.met("Photos whose subject opted out are left out, each with that reason.")


@rule("FR-06", on="search.request")
def opted_out_are_left_out(ctx: Context) -> Verdict:
    """No photo whose subject opted out is compared."""
    return ctx.met("Photos whose subject opted out are left out.")


@rule("FR-05", on="search.request")
def only_public_sources(ctx: Context) -> Verdict:
    """Every source searched is public-realm; the database holds no other."""
    return ctx.met("All gallery sources are public-realm.")
