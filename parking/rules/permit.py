"""PK-16 and PK-03: permit classes on a resolution, applications answered with reasons, plates changed within a cap."""

from django.utils import timezone

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import Permit, PermitApplication, PermitTerms
from parking.permits.household import asks_kind_of_dwelling
from parking.selectors.permit import household_permits, swaps_today

MIN_REASON = 10


@rule("PK-16", on="permit.set_up")
def terms_on_a_resolution(ctx: Context) -> Verdict:
    """The rules of a class name the resolution that set them, taken before they are in force."""
    terms: PermitTerms | None = ctx.fact("terms")
    if terms is None:
        return ctx.met("Nobody can apply before the class has rules under a resolution.")
    if not terms.resolution.strip() or terms.resolved_on is None:
        return ctx.unmet("The rules name no resolution.", "Enter the resolution and the date it was taken.")
    if terms.resolved_on > terms.effective_on:
        return ctx.unmet("They would be in force before they were resolved.", "Check both dates.")
    return ctx.met(f"{terms.resolution} sets them from {terms.effective_on} on.")


@rule("PK-16", on="permit.set_up")
def never_asks_kind_of_dwelling(ctx: Context) -> Verdict:
    """Whoever lives in the area is treated alike, whatever the kind of dwelling (Vehicle Code 22507)."""
    terms: PermitTerms | None = ctx.fact("terms")
    asked = asks_kind_of_dwelling(f"{terms.eligibility}\n{terms.documents}") if terms else ""
    if asked:
        return ctx.unmet(
            f"“{asked}” asks what kind of dwelling somebody lives in.", "Ask for proof of the address only."
        )
    return ctx.met("Eligibility does not ask the kind of dwelling.")


@rule("PK-16", on="permit.enter")
def class_is_open(ctx: Context) -> Verdict:
    """There are rules under which it can be granted."""
    terms: PermitTerms | None = ctx.fact("terms")
    if terms is None or terms.permit_class.withdrawn_at is not None or terms.effective_on > timezone.localdate():
        return ctx.unmet("This class cannot be applied for today.", "Choose another class.")
    return ctx.met(f"{terms.permit_class} is granted under {terms.resolution}.")


@rule("PK-16", on="permit.enter")
def withdrawal_says_why(ctx: Context) -> Verdict:
    """Staff who take an application back for somebody say why."""
    if ctx.fact("withdraws") and len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say who asked for it and why.")
    return ctx.met("Who entered it, and when, stays on the record.")


@rule("PK-16", on="permit.decide")
def answered_with_reasons(ctx: Context) -> Verdict:
    """The applicant reads why."""
    if len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say in a sentence why; the applicant reads it.")
    return ctx.met("The applicant reads your reasons; your name and the time are recorded.")


@rule("PK-16", on="permit.decide")
def waits_for_this_answer(ctx: Context) -> Verdict:
    """A waiting application is approved or denied; one that was denied or withdrawn can be reopened."""
    application: PermitApplication = ctx.subject
    waiting = application.state == PermitApplication.State.WAITING
    if waiting == (ctx.fact("outcome") == "reopen") or application.state == PermitApplication.State.APPROVED:
        return ctx.unmet(f"It is {application.get_state_display().lower()}.", "Nothing is left to do here.")
    return ctx.met("It waits for an answer." if waiting else "It was answered, and can be looked at again.")


@rule("PK-16", on="permit.decide")
def household_not_full(ctx: Context) -> Verdict:
    """A household has no more permits of a class than its resolution allows."""
    application: PermitApplication = ctx.subject
    if ctx.fact("outcome") != "approve":
        return ctx.met("No permit is granted.")
    most = application.terms.most_per_household
    held = len(household_permits(application))
    if held >= most:
        return ctx.unmet(
            f"The household has {held} of {most} permits of this class.",
            "Deny it, or end a permit at this address that somebody is not entitled to.",
        )
    return ctx.met(
        f"It is the household's {ordinal(held + 1)} of at most {most}, under {application.terms.resolution}."
    )


@rule("PK-16", on="permit.decide")
def documents_were_looked_at(ctx: Context) -> Verdict:
    """The documents asked for are there, or were seen at the counter."""
    application: PermitApplication = ctx.subject
    if ctx.fact("outcome") != "approve" or not application.terms.asked or application.renewal_of_id:
        return ctx.met("No document is needed for this.")
    if application.documents_seen.strip() or application.documents.exists():
        return ctx.met("Documents came with it, or were seen at the counter.")
    return ctx.needs_words("No document came with it.", "Say in a sentence how you made sure who may have it.")


@rule("PK-16", on="permit.change")
def change_says_why(ctx: Context) -> Verdict:
    """Ending, replacing or warning says why."""
    if len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say in a sentence why; the holder reads it.")
    return ctx.met("The reason stays on the record.")


@rule("PK-16", on="permit.change")
def swaps_of_the_day(ctx: Context) -> Verdict:
    """A plate is changed so many times a day; staff may go beyond with a reason."""
    if ctx.fact("change") != "swap":
        return ctx.met("No plate is put in.")
    permit: Permit = ctx.subject
    most, done = ctx.parameter("permit_swaps_per_day"), swaps_today(permit)
    if done < most:
        return ctx.met(f"{done} of {most} plate changes were made today.")
    return ctx.needs_words(f"{most} plate changes were made today.", "Say in a sentence why one more is needed.")


@rule("PK-16", on="permit.change")
def warned_first(ctx: Context) -> Verdict:
    """Misuse ends a permit only after a warning."""
    permit: Permit = ctx.subject
    if ctx.fact("ground") == "misuse" and not permit.warnings.exists():
        return ctx.unmet("The holder was never warned.", "Send a warning first; end it if it happens again.")
    return ctx.met("It is not ended for misuse, or the holder was warned.")


@rule("PK-16", on="permit.view")
def permits_are_seen_for_work(ctx: Context) -> Verdict:
    """Names and addresses of holders are seen by who works with permits; an export is recorded."""
    return ctx.by_construction(
        "Names and addresses are for who works with permits.", "The table of roles; each export is recorded."
    )


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    return f"{number}{ending}"
