"""PK-01, PK-02, PK-03: from a finding of the engine to a person's answer."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import Alert, AlertAnswer
from parking.plates.likeness import deletion_keys
from parking.selectors.alert import refuted

TICKS = {
    "plate_checked": "the plate",
    "state_checked": "the state",
    "vehicle_checked": "the vehicle",
}
READ_OFF = {"plate": "the plate", "plate_state": "its state", "vehicle": "the vehicle"}


@rule("PK-02", on="alert.raise")
def two_reads_past_the_limit(ctx: Context) -> Verdict:
    """Overtime: two reads in one zone, farther apart inside enforced hours than limit and grace, nothing between."""
    alert: Alert = ctx.subject
    if alert.kind != Alert.Kind.OVERTIME:
        return ctx.met("This is no overstay; the rule on two reads does not apply.")
    grace = ctx.parameter("grace_minutes")
    if alert.first_read_id is None or alert.first_read_id == alert.last_read_id:
        return ctx.unmet("There are not two reads.", "The vehicle is seen again first.")
    if alert.zone is None or not alert.zone.enforced:
        return ctx.unmet("The zone is not enforced.", "Enter its resolution and the date of its signs.")
    if ctx.fact("seen_elsewhere"):
        return ctx.unmet("It was seen elsewhere between the two reads.", "A new stay begins with its return.")
    if ctx.fact("breach") == "no_return":
        return ctx.met("Two stays in one zone, closer together than the zone's no-return time.")
    allowed = (alert.limit_minutes or 0) + grace
    elapsed = ctx.fact("elapsed_minutes", 0)
    if elapsed <= allowed:
        return ctx.unmet(f"{elapsed:.0f} minutes are not over {allowed:.0f}.", "Nothing: it has not overstayed.")
    return ctx.met(f"Two reads {elapsed:.0f} enforced minutes apart; {allowed:.0f} are allowed, grace included.")


@rule("PK-03", on="alert.raise")
def nothing_allows_it(ctx: Context) -> Verdict:
    """No permit or exemption, and none that looks alike, covers this plate here and now."""
    if words := ctx.fact("allowed_by"):
        return ctx.unmet(f"{words}", "Nothing: the vehicle may stand here.")
    return ctx.met("No permit or exemption covers it here and now.")


@rule("PK-01", on="alert.confirm")
def a_person_compares(ctx: Context) -> Verdict:
    """Every tick is set and plate, state and vehicle are as the person reads them."""
    answer: AlertAnswer = ctx.fact("answer")
    missing = [words for name, words in TICKS.items() if not getattr(answer, name)]
    unread = [words for name, words in READ_OFF.items() if not getattr(answer, name).strip()]
    if missing:
        return ctx.unmet(f"Not confirmed yet: {', '.join(missing)}.", "Compare with both pictures, then tick.")
    if unread:
        return ctx.unmet(f"Not entered: {', '.join(unread)}.", "Enter it as you read it in the picture.")
    return ctx.met("A person compared plate, state and vehicle with the pictures.")


@rule("PK-01", on="alert.confirm")
def it_is_the_alerts_car(ctx: Context) -> Verdict:
    """The plate as the person reads it looks like the alert's: a reader takes some letters for others, no car for another."""
    answer, alert = ctx.fact("answer"), ctx.subject
    if {*deletion_keys(answer.plate)} & {*deletion_keys(alert.plate)}:
        return ctx.met("The plate looks like the one that was read.")
    return ctx.unmet(
        f"{answer.plate or 'No plate'} does not look like {alert.plate}, which was read.",
        "Dismiss the alert as a misread plate; another car is cited without it.",
    )


@rule("PK-01", on="alert.confirm")
def no_placard(ctx: Context) -> Verdict:
    """A disabled placard lifts a time limit, and is not on the plate (Vehicle Code 22511.5)."""
    alert: Alert = ctx.subject
    if alert.kind == Alert.Kind.OVERTIME and not ctx.fact("answer").no_placard_seen:
        return ctx.unmet("“No placard seen” is not ticked.", "Look for a disabled placard; it lifts the limit.")
    return ctx.met("No disabled placard was seen, or none matters here.")


@rule("PK-01", on="alert.confirm")
def dispatch_confirms(ctx: Context) -> Verdict:
    """A hotlist hit is verified with dispatch first."""
    answer: AlertAnswer = ctx.fact("answer")
    if ctx.subject.kind != Alert.Kind.HOTLIST:
        return ctx.met("No hotlist entry is involved.")
    if answer.dispatch_confirmed_at is None or not answer.dispatch_words.strip():
        return ctx.unmet("Dispatch has not confirmed the entry.", "Call dispatch; enter the time and what they say.")
    raised = ctx.subject.raised_at.replace(second=0, microsecond=0)
    if answer.dispatch_confirmed_at < raised:
        return ctx.unmet("Dispatch would have confirmed it before there was a hit.", "Call dispatch about this hit.")
    return ctx.met("Dispatch confirmed that the entry is current.")


@rule("PK-01", on=["alert.confirm", "alert.dismiss"])
def answered_once(ctx: Context) -> Verdict:
    """An alert is answered once."""
    if ctx.subject.state != Alert.State.LIVE:
        return ctx.unmet(f"It is {ctx.subject.get_state_display().lower()} already.", "Nothing is left to do.")
    return ctx.met("Nobody has answered it yet.")


@rule("PK-01", on="alert.dismiss")
def dismissal_says_why(ctx: Context) -> Verdict:
    """A dismissal has a reason; discretion is explained."""
    answer: AlertAnswer = ctx.fact("answer")
    if answer.reason not in AlertAnswer.Reason.values:
        return ctx.unmet("No reason is chosen.", "Choose why this is no violation.")
    if answer.reason == AlertAnswer.Reason.DISCRETION and not answer.words.strip():
        return ctx.unmet("Discretion is not explained.", "Say in a few words why.")
    return ctx.met("The reason feeds the precision report of the reader and the zone.")


@rule("PK-02", on="alert.confirm")
def not_refuted_since(ctx: Context) -> Verdict:
    """No read that came later speaks against what was found."""
    if words := refuted(ctx.subject):
        return ctx.unmet(words, "Dismiss it: the vehicle may have moved in between.")
    return ctx.met("No read that came later speaks against it.")
