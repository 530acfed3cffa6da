"""PK-04: stored, abandoned or a hulk; a marked warning, time, and a second look before anybody orders a tow."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from ecpd.web.words import moment
from parking.abandoned.grounds import STORED, what_is_missing
from parking.models import AbandonedLook, AbandonedMark, AbandonedVehicle

STATE_FOR = {
    "report": (),
    "mark": (AbandonedVehicle.State.REPORTED,),
    "look": (AbandonedVehicle.State.MARKED, AbandonedVehicle.State.READY),
    "close": (AbandonedVehicle.State.REPORTED, AbandonedVehicle.State.MARKED, AbandonedVehicle.State.READY),
}
MIN_REASON = 10


def _grounds(ctx: Context, vehicle: AbandonedVehicle) -> Verdict:
    ordinance = ctx.parameter("stored_ordinance") if vehicle.kind == STORED else ""
    missing = what_is_missing(vehicle.kind, vehicle.grounds, vehicle.grounds_words, ordinance)
    if missing:
        remedy = (
            "Propose an amendment that names it."
            if vehicle.kind == STORED
            else "Say what was seen, or choose another matter."
        )
        return ctx.unmet(missing, remedy)
    return ctx.met(f"{vehicle.get_kind_display()}: {ordinance or '; '.join(vehicle.grounds_in_words)}.")


@rule("PK-04", on="abandoned.mark")
def rests_on_a_ground(ctx: Context) -> Verdict:
    """A warning names what it rests on: an ordinance, stated grounds other than time, or missing parts."""
    if ctx.fact("step") != "mark":
        return ctx.by_construction("The ground is not asked for here.", "It is asked for when the warning is marked.")
    return _grounds(ctx, ctx.fact("vehicle") or ctx.subject)


@rule("PK-04", on="tow.order")
def still_rests_on_a_ground(ctx: Context) -> Verdict:
    """The ground holds at the moment of the order too."""
    return _grounds(ctx, ctx.subject)


@rule("PK-04", on="abandoned.mark")
def one_step_after_the_other(ctx: Context) -> Verdict:
    """Report, warning, second look: nothing is left out and nothing done twice."""
    allowed = STATE_FOR[ctx.fact("step")]
    if not allowed:
        return ctx.met("It is a new report.")
    if ctx.subject.state not in allowed:
        return ctx.unmet(f"It stands at “{ctx.subject.get_state_display()}”.", "Take the step that is next.")
    return ctx.met("This is a step that is open.")


@rule("PK-04", on="abandoned.mark")
def warning_is_documented(ctx: Context) -> Verdict:
    """A warning has a photo, how the wheels stand, and the notice left on the vehicle."""
    mark: AbandonedMark | None = ctx.fact("mark")
    if mark is None:
        return ctx.met("No warning is being marked.")
    if not ctx.fact("photos"):
        return ctx.unmet("There is no photo.", "Add a photo that shows vehicle, plate and place.")
    if not mark.marks.strip():
        return ctx.unmet(
            "How the wheels stand is not written down.", "Note the valve stems, or other points of reference."
        )
    if not mark.notice_text.strip() or not mark.notice_where.strip():
        return ctx.unmet("The notice is not written down.", "Enter what the notice says and where you left it.")
    return ctx.met("Photo, points of reference and notice are on the record.")


@rule("PK-04", on="abandoned.mark")
def time_has_run(ctx: Context) -> Verdict:
    """Only after the time on the warning does a second look say that it still stands there."""
    look: AbandonedLook | None = ctx.fact("look")
    if look is None or look.outcome != AbandonedLook.Outcome.STILL:
        return ctx.met("Nothing waits for the warning's time.")
    mark: AbandonedMark | None = getattr(ctx.subject, "mark", None)
    if mark is None:
        return ctx.unmet("No warning was marked.", "Mark it first.")
    if look.at < mark.look_from:
        return ctx.unmet(f"The warning runs until {moment(mark.look_from)}.", "Look again from then on.")
    return ctx.met(f"The warning's {mark.hours} hours have run.")


@rule("PK-04", on="abandoned.mark")
def look_is_documented(ctx: Context) -> Verdict:
    """A second look says what was found, and shows it where the vehicle is still there."""
    look: AbandonedLook | None = ctx.fact("look")
    if look is None:
        return ctx.met("No second look is being entered.")
    if not look.words.strip():
        return ctx.unmet(
            "What was found is not written down.", "Compare with the warning's photo and marks; say how they stand."
        )
    if look.outcome == AbandonedLook.Outcome.STILL and not ctx.fact("photos"):
        return ctx.unmet("There is no photo of the second look.", "Add one that shows vehicle, plate and wheels.")
    return ctx.met("What was found is on the record.")


@rule("PK-04", on="abandoned.mark")
def closing_says_why(ctx: Context) -> Verdict:
    """A matter is closed with a reason."""
    if ctx.fact("step") == "close" and len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say in a few words why nothing is left to do.")
    return ctx.met("Who did what, and when, stays on the record.")


@rule("PK-04", on="abandoned.view")
def three_matters(ctx: Context) -> Verdict:
    """Looking changes nothing; each matter shows on what it rests."""
    return ctx.by_construction("Looking changes nothing.", "Marking a warning and ordering a tow ask for the ground.")
