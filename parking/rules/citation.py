"""PK-01, PK-03, PK-07, PK-15: issuing a citation, canceling it, its money, pausing its collection."""

from datetime import timedelta

from django.utils import timezone

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import AlertAnswer, Citation, CitationDelivery
from parking.selectors.citation_again import cited_already, differs_from_alert
from parking.selectors.citation_permission import permission_for
from parking.selectors.violation import amount_on

MIN_REASON = 10
WRITTEN = {"place": "the place", "plate": "the plate", "plate_state": "its state", "color": "the color"}


@rule("PK-01", on="citation.issue")
def a_person_read_it(ctx: Context) -> Verdict:
    """A person read plate, state and vehicle; from an alert, as they were confirmed there."""
    citation: Citation = ctx.subject
    if not citation.read_at_vehicle:
        return ctx.unmet("Nobody has said that it was read off the vehicle.", "Compare at the vehicle, then tick.")
    if citation.alert is None:
        return ctx.met("You read plate, state and vehicle off the vehicle itself.")
    answer = getattr(citation.alert, "answer", None)  # written once, so that one read before is good
    if answer is None or answer.outcome != AlertAnswer.Outcome.CONFIRMED:
        return ctx.unmet("Its alert is not confirmed.", "Confirm plate, state and vehicle of the alert first.")
    if (answer.plate, answer.plate_state) != (citation.plate, citation.plate_state):
        return ctx.unmet(
            f"The alert was confirmed for {answer.plate} {answer.plate_state}.",
            "Dismiss this draft and write the citation by hand if the plate is another one.",
        )
    return ctx.met(f"{answer.officer} confirmed plate, state and vehicle.")


@rule("PK-01", on="citation.issue")
def cited_once(ctx: Context) -> Verdict:
    """One alert brings one citation."""
    citation: Citation = ctx.subject
    if citation.alert is not None and Citation.objects.filter(alert=citation.alert).exists():
        return ctx.unmet("This alert has its citation already.", "Nothing is left to do.")
    return ctx.met("No citation was issued on this alert before." if citation.alert else "It is written by hand.")


@rule("PK-01", on="citation.issue")
def as_its_alert_says(ctx: Context) -> Verdict:
    """From an alert, it is of the time, the zone and the kind of violation that the reads show."""
    citation: Citation = ctx.subject
    if citation.alert is None:
        return ctx.met("It rests on no alert.")
    if other := differs_from_alert(citation, citation.alert):
        return ctx.unmet(f"It is not what its alert shows. {other}", "Write what the reads show, or cite it by hand.")
    return ctx.met("Time, zone and violation are what its alert shows.")


@rule("PK-07", on="citation.issue")
def not_cited_already(ctx: Context) -> Verdict:
    """One act is cited once: another citation is of another section, place, day or stay."""
    other = cited_already(ctx.subject, apart=timedelta(minutes=float(ctx.parameter("grace_minutes"))))
    if other is not None:
        return ctx.unmet(
            f"It is cited for that already: {other.number}.", "Throw the draft away, or have that one voided."
        )
    return ctx.met("It is not cited for that at that place on that day.")


@rule("PK-03", on="citation.issue")
def nothing_allows_it_at_issue(ctx: Context) -> Verdict:
    """Permits and exemptions are asked about once more, at this moment."""
    permission = permission_for(ctx.subject)
    if permission.allowed:
        return ctx.unmet(f"The vehicle may park there: {permission.words}", "Throw the draft away.")
    if permission.allowed is None:
        return ctx.needs_words(
            f"Whether a permit covers it is not certain: {permission.words}",
            "Say in a sentence how you made sure that none does.",
        )
    return ctx.met(f"No permit or exemption covers it. {permission.words}".strip())


@rule("PK-07", on="citation.issue")
def carries_its_fields(ctx: Context) -> Verdict:
    """Section, date, time, place, plate, state, color; expiry and VIN unless they cannot be seen."""
    citation: Citation = ctx.subject
    missing = [words for name, words in WRITTEN.items() if not getattr(citation, name).strip()]
    if not citation.registration_expiry and not citation.expiry_not_visible:
        missing.append("the registration's expiry, or that it is not visible")
    if not citation.vin_last4 and not citation.vin_not_readable:
        missing.append("the last four of the VIN, or that it is not readable")
    if citation.violation.needs_zone and citation.zone is None:
        missing.append("the zone")
    if missing:
        return ctx.unmet(f"Not entered: {', '.join(missing)}.", "Enter it as you see it on the vehicle.")
    return ctx.met("Section, date, time, place, plate, expiry, VIN and color are entered.")


@rule("PK-07", on="citation.issue")
def issued_and_attached_by_a_person(ctx: Context) -> Verdict:
    """A person stands by it, and will attach it to the vehicle."""
    if not ctx.fact("will_attach"):
        return ctx.unmet("Nobody has said that they will attach it.", "Tick that you attach it to the vehicle.")
    if ctx.subject.violation_at > timezone.now():
        return ctx.unmet("The time of the violation has not come yet.", "Correct date and time.")
    days = int(ctx.parameter("drove_off_mail_days"))
    if ctx.subject.violation_at < timezone.now() - timedelta(days=days):
        return ctx.unmet(
            f"The violation is more than {days} days old.", "It cannot be cited any more. Throw the draft away."
        )
    return ctx.met("You issue it yourself and attach it to the vehicle.")


@rule("PK-07", on="citation.attach")
def attached_once(ctx: Context) -> Verdict:
    """A person says once how the citation reached the vehicle."""
    if CitationDelivery.objects.filter(citation=ctx.subject).exists():
        return ctx.unmet("How it reached the vehicle is entered already.", "Nothing is left to do.")
    if ctx.subject.is_canceled:
        return ctx.unmet("The citation is canceled.", "Do not attach it.")
    return ctx.met("You say it yourself; your name and the time are recorded.")


@rule("PK-16", on="citation.issue")
def amount_of_that_day(ctx: Context) -> Verdict:
    """The amount is the one a resolution set for that day."""
    citation: Citation = ctx.subject
    day = timezone.localdate(citation.violation_at)
    amount = amount_on(citation.violation, day)
    if amount is None or citation.violation.withdrawn_at is not None:
        return ctx.unmet(f"No amount was in force for it on {day}.", "Choose another violation, or enter its amount.")
    return ctx.met(f"${amount.amount_cents / 100:.2f} under {amount.resolution}.")


@rule("PK-15", on="citation.void")
def canceled_by_another(ctx: Context) -> Verdict:
    """Who issued it does not cancel it, and a reason is written."""
    citation: Citation = ctx.subject
    if citation.issued_by_id == ctx.actor.pk:
        return ctx.unmet("You issued this citation.", "Another manager or a captain voids it.")
    if citation.is_canceled:
        return ctx.unmet("It is canceled already.", "Nothing is left to do.")
    if len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say in a sentence why it is canceled.")
    return ctx.met("Somebody else issued it, and your reason stays on the record.")


@rule("PK-15", on="citation.payment")
def money_is_entered_not_edited(ctx: Context) -> Verdict:
    """What takes money back or moves it says why."""
    if ctx.fact("says_why") and len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say in a sentence why it is taken back, moved or returned.")
    return ctx.met("It is a new entry; nothing that was entered changes.")


@rule("PK-15", on="citation.hold")
def put_off_by_another(ctx: Context) -> Verdict:
    """Who issued a citation does not put its collection off."""
    if ctx.fact("favor") and ctx.subject.issued_by_id == ctx.actor.pk:
        return ctx.unmet("You issued this citation.", "Another parking manager pauses its collection.")
    return ctx.met("Nobody puts off the collection of a citation of their own.")


@rule("PK-13", on="citation.hold")
def pause_says_why(ctx: Context) -> Verdict:
    """Pausing and resuming collection says why; while a copy is awaited it stays paused."""
    if len(ctx.justification.strip()) < MIN_REASON:
        return ctx.unmet("No reason is given.", "Say why collection is paused or resumed.")
    hold = ctx.fact("hold")
    copy = getattr(hold, "copy", None) if hold is not None else None
    if copy is not None and copy.sent_at is None and not ctx.fact("copy_sent"):
        return ctx.unmet("The copy that was asked for is not sent.", "Send it; collection then resumes by itself.")
    return ctx.met("The reason stays on the record.")
