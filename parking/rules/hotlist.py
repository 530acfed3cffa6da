"""PK-01 for hotlists: lists that say where they come from and end, hits only from what is in force."""

from datetime import timedelta

from django.utils import timezone

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.hotlists.entries import SAYS_WHY, SAYS_WHY_REFUSED
from parking.models import Alert, Hotlist, HotlistEntry, HotlistHit
from parking.selectors.hotlist import is_in_force

MIN_REASON = 10


@rule("PK-01", on="alert.raise")
def hotlist_entry_in_force(ctx: Context) -> Verdict:
    """The entry is neither expired nor withdrawn at this very moment."""
    if ctx.subject.kind != Alert.Kind.HOTLIST:
        return ctx.met("No hotlist entry is involved.")
    hit: HotlistHit | None = ctx.fact("hit")
    if hit is None or not is_in_force(hit.entry):
        return ctx.unmet("The entry has expired or is withdrawn.", "Nothing: nobody looks for this plate now.")
    return ctx.met("The entry is in force. Dispatch says whether it is current.")


@rule("PK-01", on="hotlist.change")
def list_says_where_from_and_until(ctx: Context) -> Verdict:
    """A hotlist names its source and what it is for, and ends."""
    hotlist: Hotlist | None = ctx.subject
    if hotlist is None or not hotlist.source.strip() or not hotlist.reason.strip():
        return ctx.unmet("The list does not say where it comes from and what it is for.", "Enter source and purpose.")
    most = ctx.parameter("hotlist_days_max")
    last = timezone.localdate() + timedelta(days=most)
    if hotlist.pk is None and not timezone.localdate() <= hotlist.expires_on <= last:
        return ctx.unmet(f"A list is good for {most} days at most.", f"Choose a day up to {last}.")
    return ctx.met(f"It comes from {hotlist.source} and is good until {hotlist.expires_on}.")


@rule("PK-01", on="hotlist.change")
def entry_ends(ctx: Context) -> Verdict:
    """An entry with a day of its own ends within the manual's days, like a list."""
    entry: HotlistEntry | None = ctx.fact("entry")
    if entry is None or entry.expires_on is None:
        return ctx.met("Entries end with their list.")
    last = timezone.localdate() + timedelta(days=ctx.parameter("hotlist_days_max"))
    if not timezone.localdate() <= entry.expires_on <= last:
        return ctx.unmet("The entry's last day is past or too far away.", f"Choose a day up to {last}.")
    return ctx.met(f"The entry ends on {entry.expires_on}.")


@rule("PK-01", on="hotlist.change")
def entry_describes_the_vehicle(ctx: Context) -> Verdict:
    """An officer reads the description before dispatch has confirmed: it never says why."""
    entry: HotlistEntry | None = ctx.fact("entry")
    if entry is not None and SAYS_WHY.search(entry.vehicle):
        return ctx.unmet(SAYS_WHY_REFUSED, "Leave the reason out; dispatch tells it.")
    return ctx.met("Entries describe vehicles, not why somebody looks for them.")


@rule("PK-01", on="hotlist.change")
def withdrawn_list_takes_nothing(ctx: Context) -> Verdict:
    """Nothing is added to a list that is withdrawn or has expired; withdrawing says why."""
    if ctx.fact("withdraws"):
        if len(ctx.justification.strip()) < MIN_REASON:
            return ctx.unmet("No reason is given.", "Say in a few words why it is withdrawn.")
        return ctx.met("The reason stays on the record.")
    hotlist: Hotlist | None = ctx.subject
    if hotlist is None or hotlist.pk is None:
        return ctx.met("It is a new list.")
    if hotlist.withdrawn_at is not None or hotlist.expires_on < timezone.localdate():
        return ctx.unmet("This list is withdrawn or has expired.", "Enter a new list.")
    return ctx.met("The list is in force.")


@rule("PK-01", on="hotlist.view")
def hit_is_no_reason(ctx: Context) -> Verdict:
    """A list is data somebody else keeps: a person compares and dispatch confirms before anything is done."""
    return ctx.by_construction(
        "What stands on a list is verified with dispatch before anybody acts.",
        "The alert's form and the database ask for it when a hit is confirmed.",
    )
