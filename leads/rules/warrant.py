"""FR-13 and FR-18: a captain who had no part in it decides, once what speaks against it is answered."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from leads.models import Lead, WarrantApplication
from leads.selectors.lead import unanswered
from leads.selectors.warrant import last_denied, people_with_a_part, something_new_since

DECIDE = ["warrant.approve", "warrant.deny"]


@rule("FR-13", on=DECIDE)
def no_part_in_it(ctx: Context) -> Verdict:
    """The captain neither searched, examined, linked, verified nor applied."""
    parts = people_with_a_part(ctx.subject).get(ctx.actor.pk)
    if parts:
        return ctx.unmet(f"You {' and '.join(sorted(parts))}.", "Another captain decides.")
    return ctx.met("You neither searched, examined, linked, verified nor applied.")


@rule("FR-13", on=DECIDE)
def waits_for_a_decision(ctx: Context) -> Verdict:
    """It is submitted, and this captain has not decided on it."""
    application: WarrantApplication = ctx.subject
    if application.state != WarrantApplication.State.SUBMITTED:
        return ctx.unmet(f"{application} is {application.get_state_display().lower()}.", "It cannot be changed.")
    if any(decision.captain_id == ctx.actor.pk for decision in application.decisions.all()):
        return ctx.unmet("You decided on this application already.", "Another captain decides next.")
    return ctx.met("The application waits for a decision.")


@rule("FR-13", on=DECIDE)
def reasons_and_packet(ctx: Context) -> Verdict:
    """Reasons in words, and the packet read."""
    if len(ctx.justification.strip()) >= 20 and ctx.fact("read_packet"):
        return ctx.met("Your reasons are in words and you read the packet.")
    return ctx.unmet(
        "Reasons or the reading of the packet are missing.",
        "Read the packet, tick the box, and give your reasons in a sentence.",
    )


@rule("FR-13", on="lead.mark_for_warrant")
def something_new_after_a_denial(ctx: Context) -> Verdict:
    """A denied lead is marked again only with something a captain has not seen."""
    denied = last_denied(ctx.subject)
    if denied is None or denied.decided_at is None:
        return ctx.met("No captain has denied this lead.")
    if something_new_since(ctx.subject, denied.decided_at):
        return ctx.met(f"Something is new since {denied.number} was denied.")
    return ctx.unmet(
        f"Nothing is new since {denied.number} was denied.",
        "Answer what the captain named, or link and have verified something new.",
    )


@rule("FR-18", on=["warrant.approve", "lead.mark_for_warrant", "warrant.apply"])
def what_speaks_against_is_answered(ctx: Context) -> Verdict:
    """Every entry of the exculpatory register has an answer."""
    lead = ctx.subject if isinstance(ctx.subject, Lead) else ctx.subject.lead
    waiting = len(unanswered(lead))
    if waiting == 0:
        return ctx.met("Everything that points away has an answer.")
    things = "1 item points" if waiting == 1 else f"{waiting} items point"
    return ctx.unmet(
        f"{things} away and {'has' if waiting == 1 else 'have'} no answer yet.",
        "Write, for each, how it is explained or why it stays open. The captain and the court read it.",
    )


@rule("FR-18", on="warrant.apply")
def applicant_says_what_does_not_fit(ctx: Context) -> Verdict:
    """An applicant answers what does not fit."""
    if str(ctx.fact("does_not_fit", "")).strip() and str(ctx.fact("statement", "")).strip():
        return ctx.met("Statement and what does not fit are in words.")
    return ctx.unmet("The statement or what does not fit is not written.", "Write both, if only “nothing known”.")


@rule("FR-14", on=["warrant.packet", "warrant.apply"])
def packet_discloses_everything(ctx: Context) -> Verdict:
    """The packet is built from the records by one template; nothing can be left out of it."""
    return ctx.met("The packet lists every search, candidate, examination and decision of this case.")
