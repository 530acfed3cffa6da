"""FR-13 and FR-18: a captain who had no part in it decides, once what speaks against it is answered."""

from django.utils import timezone

from cases.models import Case
from ecpd.accounts.roles import Role
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from ecpd.web.words import moment
from leads.against import NOT_ALL_ENTERED
from leads.models import IdentityAnswer, Lead, WarrantApplication, WarrantStep
from leads.models.bound_v6 import PREPARED
from leads.selectors.after import open_steps, undisclosed
from leads.selectors.came_in import approvals_that_count, came_in_since
from leads.selectors.dark import KEPT, told_and_kept
from leads.selectors.history import ends_of_the_face, new_since, waiting_for_the_face
from leads.selectors.identity import stands
from leads.selectors.kin import kin_of
from leads.selectors.lead import unanswered
from leads.selectors.past import not_entered
from leads.selectors.warrant import (
    in_the_matter,
    newest_reading,
    people_with_a_part,
)
from leads.selectors.who_decides import captains_who_can_decide, chief_decides_from

DECIDE = ["warrant.approve", "warrant.deny"]
WHAT_FREES = (
    "Link evidence that counts and was linked to no lead of this face, by whatever exhibit: not its file, report, object, "
    "record or witness. Somebody verifies it who neither marked a lead to this face nor applied for one. Or have a colleague "
    "explain, in words of which at least half are in no earlier answer, what stood in this register then: somebody who "
    f"neither {', '.join(PREPARED)}, marked nor applied, wrote what is answered nor had answered it. What came into the "
    "register since frees nothing."
)


@rule("FR-13", on=["lead.promote", "lead.mark_for_warrant", "warrant.apply", *DECIDE])
def case_is_not_closed(ctx: Context) -> Verdict:
    """A closed case takes no lead, no mark, no application and no decision."""
    case: Case = ctx.subject.case
    if case.status == Case.Status.CLOSED:
        return ctx.unmet(f"{case} is closed.", "Who manages the case reopens it first.")
    return ctx.met(f"{case} is {case.get_status_display().lower()}.")


@rule("FR-13", on=DECIDE)
def a_captain_or_the_chief(ctx: Context) -> Verdict:
    """A captain decides. The chief does where every captain had a part, once it has waited `approver_hours`."""
    if Role.CAPTAIN in ctx.actor.role_names:
        return ctx.met("You decide as a captain.")
    if captains_who_can_decide(ctx.subject):
        return ctx.unmet("A captain can decide on this.", "The chief decides only where no captain can.")
    from_then = chief_decides_from(ctx.subject)
    if timezone.now() < from_then:
        return ctx.unmet(f"No captain can decide on this; the chief does from {moment(from_then)}.", "Decide then.")
    return ctx.met("No captain can decide on this: each had a part in it or has approved it. The chief decides.")


@rule("FR-13", on=DECIDE)
def no_part_in_it(ctx: Context) -> Verdict:
    """The captain neither searched, examined, added, linked, verified, answered, marked nor applied."""
    parts = people_with_a_part(ctx.subject).get(ctx.actor.pk)
    if parts:
        return ctx.unmet(f"You {' and '.join(sorted(parts))}.", "Another captain decides.")
    return ctx.met("You neither searched, examined, added, linked, verified, answered, marked nor applied.")


@rule("FR-13", on=DECIDE)
def waits_for_a_decision(ctx: Context) -> Verdict:
    """It is submitted, and this captain has not approved it as it is: what came in since makes an approval stale."""
    application: WarrantApplication = ctx.subject
    if application.state != WarrantApplication.State.SUBMITTED:
        return ctx.unmet(f"{application} is {application.get_state_display().lower()}.", "It cannot be changed.")
    decided = any(decision.captain_id == ctx.actor.pk for decision in application.decisions.all())
    if decided and ctx.actor.pk in approvals_that_count(application):
        return ctx.unmet("You approved this application as it is.", "Another captain decides next.")
    return ctx.met("The application waits for a decision.")


@rule("FR-13", on=DECIDE)
def reasons_and_packet(ctx: Context) -> Verdict:
    """Reasons in words, and the packet read."""
    if len(ctx.justification.strip()) >= 20 and ctx.fact("read_packet"):
        return ctx.met("Your reasons are in words, and you say that you read the packet.")
    return ctx.unmet(
        "Reasons or the reading of the packet are missing.",
        "Read the packet, tick the box, and give your reasons in a sentence.",
    )


@rule("FR-13", on=DECIDE)
def opened_this_version(ctx: Context) -> Verdict:
    """The captain opened the packet, it is still what was opened, and nothing came into the case since."""
    packet = ctx.fact("packet")
    reading = newest_reading(ctx.subject, ctx.actor)
    if reading is None or packet is None:
        return ctx.unmet("You have not opened the packet.", "Open it and read it, then decide.")
    if reading.version == packet.version:
        if since := came_in_since(ctx.subject.lead, reading.at):
            sentence = f"Something came in since you opened the packet: {', '.join(since)}."
            return ctx.unmet(sentence, "Open it again, then decide.", changed=since)
        return ctx.met(f"You opened the packet in its present version, {reading.version[:8]}.")
    different = [
        name for name in {**reading.parts, **packet.parts} if reading.parts.get(name) != packet.parts.get(name)
    ]
    sentence = f"The packet changed since you opened it: {', '.join(different)}."
    return ctx.unmet(sentence, "Open it again, then decide.", changed=different)


@rule("FR-13", on=["lead.mark_for_warrant", "warrant.apply", "warrant.approve"])
def something_new_after_an_end(ctx: Context) -> Verdict:
    """After a denial or a clearing, every lead to that face goes on only with evidence or an answer that is new (FR-24)."""
    lead = ctx.subject if isinstance(ctx.subject, Lead) else ctx.subject.lead
    ends = ends_of_the_face(lead)
    if not ends:
        return ctx.met("No captain has denied a lead to this face, and nobody has cleared it.")
    newest = ends[0][1]
    if new := new_since(lead, wanted_by=None if ctx.action == "warrant.approve" else ctx.actor):
        return ctx.met(f"Something is new since {newest}: {' '.join(new)}")
    return ctx.unmet(f"Nothing is new since {newest}.", WHAT_FREES)


@rule("FR-13", on="warrant.apply")
def one_application_at_a_time(ctx: Context) -> Verdict:
    """Two captains are not asked at once about one face."""
    waiting = waiting_for_the_face(ctx.subject)
    if not waiting:
        return ctx.met("No other application for this face waits.")
    return ctx.unmet(f"{' '.join(waiting)}", "One captain decides first.")


@rule("FR-18", on=["warrant.approve", "lead.mark_for_warrant", "warrant.apply"])
def what_speaks_against_is_answered(ctx: Context) -> Verdict:
    """The register has what the records say, and every entry of it has an answer."""
    lead = ctx.subject if isinstance(ctx.subject, Lead) else ctx.subject.lead
    if ctx.action == "warrant.approve" and not_entered(lead):
        return ctx.unmet(NOT_ALL_ENTERED, "Open the packet again: that enters it, and the investigator answers it.")
    told, kept = told_and_kept(unanswered(lead), ctx.actor)
    if kept:
        return ctx.unmet(KEPT, "Compare its faces, or open that list; then answer what it says.")
    waiting = len(told)
    if waiting == 0:
        return ctx.met("Everything that points away has an answer.")
    if ctx.action == "warrant.approve":
        remedy = "The investigator answers it first; then read the packet again."
    else:
        remedy = "Write, for each, how it is explained or why it stays open. The captain and the court read it."
    things = "1 item points" if waiting == 1 else f"{waiting} items point"
    return ctx.unmet(
        f"{things} away and {'has' if waiting == 1 else 'have'} no answer yet.",
        remedy,
    )


@rule("FR-18", on="warrant.apply")
def applicant_says_what_does_not_fit(ctx: Context) -> Verdict:
    """An applicant answers what does not fit."""
    if str(ctx.fact("does_not_fit", "")).strip() and str(ctx.fact("statement", "")).strip():
        return ctx.met("Statement and what does not fit are in words.")
    return ctx.unmet("The statement or what does not fit is not written.", "Write both, if only “nothing known”.")


@rule("FR-26", on="identity.enter")
def source_says_who_it_is(ctx: Context) -> Verdict:
    """An exhibit of the case that stands, and not the picture that was searched with."""
    evidence = ctx.fact("evidence")
    if evidence is None or evidence.withdrawn_at is not None:
        return ctx.unmet("No exhibit that stands says who it is.", "Choose one that is not withdrawn.")
    if evidence.pk in kin_of([ctx.subject.candidate.search.probe_id]):
        return ctx.unmet("That is the picture that was searched with.", "Choose an exhibit that says who somebody is.")
    return ctx.met(f"{evidence.label} is not the picture that was searched with, and stands.")


@rule("FR-26", on="identity.answer")
def checked_by_another(ctx: Context) -> Verdict:
    """Who agrees did not enter it, and says why; so does who disputes or withdraws."""
    if len(ctx.justification.strip()) < 10:
        return ctx.unmet("The reason is missing.", "Say in a sentence what you read and compared.")
    if ctx.fact("outcome") == IdentityAnswer.Outcome.AGREES and ctx.subject.entered_by_id == ctx.actor.pk:
        return ctx.unmet("You entered who it is.", "Somebody else checks it.")
    return ctx.met("Somebody who did not enter it says so, with a reason, or it is disputed or withdrawn.")


@rule("FR-26", on=["warrant.apply", "warrant.approve"])
def arrests_a_person_who_is_known(ctx: Context) -> Verdict:
    """An arrest is asked for of a person whose identity stands, and names the court."""
    applying = ctx.action == "warrant.apply"
    asks_for = ctx.fact("asks_for", "") if applying else ctx.subject.asks_for
    if asks_for != WarrantApplication.AsksFor.ARREST:
        return ctx.met("No arrest is asked for.")
    identity = ctx.fact("identity") if applying else ctx.subject.identity
    if identity is None or not stands(identity):
        return ctx.unmet(
            "Who the person is, is not checked, or is disputed.", "Say who it is on the lead's page; another checks."
        )
    if applying and not str(ctx.fact("court", "")).strip():
        return ctx.unmet("The court is not named.", "Name the court.")
    return ctx.met(f"{identity} is checked by a second person.")


@rule("FR-14", on=["warrant.packet", "warrant.apply"])
def packet_discloses_everything(ctx: Context) -> Verdict:
    """The packet is built from the records by one template; nothing can be left out of it."""
    return ctx.by_construction(
        "The packet is put together from the records.", "One template prints every row; a decision counts them."
    )


@rule("AU-05", on=["warrant.packet", "warrant.apply"])
def nothing_writes_prose(ctx: Context) -> Verdict:
    """No software writes a sentence of its own into a packet: what is not the template's is a record's, word for word."""
    return ctx.by_construction(
        "Every sentence of the packet is the template's or stands in a record.",
        "No program that writes text is installed, and what builds packets and notices reaches none.",
    )


@rule("FR-14", on="warrant.approve")
def packet_holds_every_search(ctx: Context) -> Verdict:
    """The packet that would be sealed has every search of the matter, and every candidate and examination of them."""
    packet = ctx.fact("packet")
    if packet is None:
        return ctx.unmet("The packet is not put together.", "Open the application's page and decide there.")
    listed, there = packet.counted, in_the_matter(ctx.subject.lead.case)
    if listed == there:
        words = ", ".join(f"{name} {count}" for name, count in there.items())
        return ctx.met(f"Counted in the packet and in the matter: {words}.")
    missing = ", ".join(f"{listed[name]} of {count} {name}" for name, count in there.items() if listed[name] != count)
    return ctx.unmet(f"The packet does not hold all of the matter: {missing}.", "Tell an administrator; it is a fault.")


@rule("FR-27", on=["warrant.step", "warrant.recall"])
def says_what_happened(ctx: Context) -> Verdict:
    """Each step after a decision is in words."""
    if len(ctx.justification.strip()) >= 10:
        return ctx.met("What happened is in words.")
    return ctx.unmet("What happened is not in words.", "Say it in a sentence; the court and the defense read it.")


@rule("FR-27", on="warrant.step")
def step_follows(ctx: Context) -> Verdict:
    """A step follows from the one before it."""
    if str(ctx.fact("kind", "")) in open_steps(ctx.subject):
        return ctx.met("That step follows from where the application stands.")
    return ctx.unmet(
        "That step does not follow from where the application stands.", "Open its page; it says what is next."
    )


@rule("FR-27", on="warrant.step")
def nothing_is_undisclosed(ctx: Context) -> Verdict:
    """Nothing goes to the prosecutor or a magistrate while something that came in after approval is in no supplement."""
    ahead = ctx.fact("kind", "") in (WarrantStep.Kind.SENT, WarrantStep.Kind.SHOWN)
    waiting = undisclosed(ctx.subject) if ahead else []
    if waiting or (ahead and not_entered(ctx.subject.lead)):
        return ctx.unmet(
            "Something that speaks against it came in after approval and is in no supplement.",
            "Disclose it in a supplement first: that seals a new version of the packet.",
        )
    return ctx.met("What came in after approval is disclosed, or nothing came in.")


@rule("FR-27", on="warrant.recall")
def who_recalls(ctx: Context) -> Verdict:
    """The applicant, a captain or the chief recalls an approval, at any time."""
    application: WarrantApplication = ctx.subject
    if ctx.actor.pk != application.applicant_id and not ctx.actor.role_names & {Role.CAPTAIN, Role.CHIEF}:
        return ctx.unmet("You neither applied nor are a captain or the chief.", "Tell one of them what you know.")
    if application.state != WarrantApplication.State.APPROVED:
        return ctx.unmet(f"{application} is {application.get_state_display().lower()}.", "Nothing is to be recalled.")
    return ctx.met("You may recall this approval.")
