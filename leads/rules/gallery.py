"""FR-05 and FR-06: what may be in the gallery."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from leads.models import GallerySource
from leads.selectors.gallery import opted_out_but_active, sources_in_use, sources_withdrawn_since


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


@rule("FR-07", on="card.keep")
def kept_and_not_in_force(ctx: Context) -> Verdict:
    """A card that is kept changes no score; an amendment of the manual puts it in force."""
    return ctx.by_construction(
        "Keeping a card changes no score.", "The manual names the card in force; an amendment changes it."
    )


@rule("FR-06", on="gallery.import")
def opted_out_are_blocked(ctx: Context) -> Verdict:
    """Each photo is checked against the opt-outs when it is imported."""
    return ctx.by_construction(
        "Photos whose subject opted out are left out.", "The import checks each photo, and the database each row."
    )


@rule("FR-06", on=["search.request", "search.run"])
def opted_out_are_left_out(ctx: Context) -> Verdict:
    """No template of a photo whose subject opted out is among those that are compared."""
    left = opted_out_but_active().count()
    if left == 0:
        return ctx.met("No photo whose subject opted out is compared.")
    things = "1 photo" if left == 1 else f"{left} photos"
    return ctx.unmet(
        f"{things} whose subject opted out would be compared.",
        "An administrator takes them out before anybody searches.",
    )


@rule("FR-05", on=["search.request", "search.run"])
def only_public_sources(ctx: Context) -> Verdict:
    """Every source that is searched is public-realm and in use, and none was withdrawn since it was asked for."""
    withdrawn = sources_withdrawn_since(ctx.subject) if ctx.action == "search.run" else []
    if withdrawn:
        return ctx.unmet(
            f"Withdrawn from the gallery since this search was requested: {', '.join(withdrawn)}.",
            "Ask again: a new request is judged by the gallery as it is now.",
        )
    in_use, others = sources_in_use(ctx.fact("searched"))
    if others:
        return ctx.unmet(f"Not public-realm, or withdrawn: {', '.join(others)}.", "An administrator takes them out.")
    return ctx.met(f"All {in_use} gallery sources in use are public-realm.")
