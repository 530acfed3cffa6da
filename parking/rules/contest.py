"""PK-12, PK-13: contests with their clocks, reasons, deposit and independence."""

from datetime import timedelta

from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from ecpd.web.words import moment
from parking.models import Contest
from parking.selectors.contest import may_file, parts_of
from parking.selectors.ledger import deposit_missing

DECIDE = ["contest.review", "contest.hear", "contest.court"]
ENFORCEMENT = frozenset({Role.PARKING_OFFICER, Role.PARKING_MANAGER})
STAGE_OF = {"contest.review": "review", "contest.hear": "hearing", "contest.court": "court"}


@rule("PK-12", on="contest.file")
def filed_in_time(ctx: Context) -> Verdict:
    """Each stage in its order and time; a late one is taken with a reason."""
    contest: Contest = ctx.fact("contest")
    answer = may_file(ctx.subject, contest.stage, grounds=contest.grounds)
    if answer.allowed:
        return ctx.met(answer.words)
    if answer.late:
        return ctx.needs_words(answer.words, "Say in a sentence why it is taken though late.")
    return ctx.unmet(answer.words, "Tell the owner what comes next.")


@rule("PK-12", on="contest.file")
def deposited_or_waived(ctx: Context) -> Verdict:
    """Before a hearing the penalty is deposited, unless the owner is unable to pay (40215(b))."""
    contest: Contest = ctx.fact("contest")
    if contest.stage != Contest.Stage.HEARING:
        return ctx.met("Only a hearing asks for a deposit.")
    if contest.deposit_waived:
        if contest.waiver_reason.strip():
            return ctx.met("The deposit is waived for inability to pay.")
        return ctx.unmet("The waiver has no reason.", "Say in a few words why the owner is unable to pay.")
    missing = deposit_missing(ctx.subject)
    if missing > 0:
        return ctx.unmet(
            f"${missing / 100:.2f} of the penalty is not deposited.",
            "Take the payment first, or waive the deposit for inability to pay.",
        )
    return ctx.met("The penalty is deposited.")


@rule("PK-15", on="contest.file")
def waived_by_another(ctx: Context) -> Verdict:
    """Who issued a citation waives neither its deposit nor a day that is over."""
    contest: Contest = ctx.fact("contest")
    if (contest.deposit_waived or contest.late_reason) and ctx.subject.issued_by_id == ctx.actor.pk:
        return ctx.unmet("You issued this citation.", "Somebody else waives its deposit, or takes it though late.")
    return ctx.met("Nobody waives anything on a citation of their own.")


@rule("PK-12", on="contest.withdraw")
def taken_back_before_another(ctx: Context) -> Verdict:
    """That an owner takes a contest back is noted by somebody who did not issue the citation, with how he said so."""
    if ctx.subject.citation.issued_by_id == ctx.actor.pk:
        return ctx.unmet("You issued this citation.", "Another parking manager notes that its contest is taken back.")
    if len(ctx.justification.strip()) < 10:
        return ctx.unmet("Nothing says how the owner took it back.", "Name the letter, or who said it, when and how.")
    return ctx.met("Somebody else issued it, and how the owner said so stays on the record.")


@rule("PK-12", on=DECIDE)
def result_has_a_reason(ctx: Context) -> Verdict:
    """Every result gives its reason."""
    if len(ctx.justification.strip()) < 20:
        return ctx.unmet("The result gives no reason.", "Say in a sentence or two what decided it; the owner reads it.")
    return ctx.met("The reason goes to the owner with the result.")


@rule("PK-12", on=DECIDE)
def decided_once(ctx: Context) -> Verdict:
    """It waits for a result of this kind."""
    contest: Contest = ctx.subject
    if contest.state != Contest.State.OPEN:
        return ctx.unmet(f"It is {contest.get_state_display().lower()}.", "The owner's next stage is open.")
    if contest.stage != STAGE_OF[ctx.action]:
        return ctx.unmet(f"This is the stage “{contest.get_stage_display()}”.", "Decide it where it belongs.")
    return ctx.met("It waits for its result.")


@rule("PK-12", on="contest.hear")
def decided_once_held(ctx: Context) -> Verdict:
    """A hearing in person, by phone or by video is decided from its moment on; one in writing has none."""
    contest: Contest = ctx.subject
    if contest.manner == Contest.Manner.WRITING:
        return ctx.met("It is held in writing.")
    if contest.scheduled_at is None:
        return ctx.unmet(
            "This hearing was not held yet: no day is set.", "Set its day, tell the owner, and decide once it was held."
        )
    if contest.scheduled_at > timezone.now():
        when = moment(contest.scheduled_at)
        return ctx.unmet(f"This hearing was not held yet: it is on {when}.", "Hear the owner then, and decide after.")
    return ctx.met("Its day has come.")


@rule("PK-12", on=DECIDE)
def decided_by_another(ctx: Context) -> Verdict:
    """Who issued a citation decides no contest of it; an examiner had no part and is not enforcement staff."""
    parts = parts_of(ctx.subject.citation).get(ctx.actor.pk, set())
    if ctx.action == "contest.hear":
        if ctx.actor.role_names & ENFORCEMENT:
            return ctx.unmet("You belong to parking enforcement.", "An independent examiner decides hearings.")
        if parts:
            return ctx.unmet(f"You {' and '.join(sorted(parts))}.", "Another examiner decides.")
        return ctx.met("You had no part in it and are not enforcement staff.")
    if "issued it" in parts:
        return ctx.unmet("You issued this citation.", "Somebody else decides.")
    return ctx.met("Somebody else issued it.")


@rule("PK-12", on="contest.schedule")
def held_in_time(ctx: Context) -> Verdict:
    """A hearing is held within its days of being asked for (40215(b))."""
    day, days = ctx.fact("day"), ctx.parameter("hearing_held_within_days")
    last = timezone.localdate(ctx.subject.filed_at) + timedelta(days=days)
    if day is None or day < timezone.localdate():
        return ctx.unmet("The day is not in the future.", "Choose a day to come.")
    if day > last:
        return ctx.unmet(f"A hearing is held within {days} days, by {last}.", "Choose an earlier day.")
    return ctx.met(f"It is held within {days} days of being asked for.")


@rule("PK-13", on="contest.review")
def mismatch_cancels(ctx: Context) -> Verdict:
    """A vehicle that does not substantially match its registration has its citation canceled (40206.5)."""
    contest: Contest = ctx.subject
    if contest.grounds != Contest.Grounds.MISMATCH:
        return ctx.met("The registration is not what the owner contests.")
    matches = ctx.fact("registration_matches")
    if matches is None:
        return ctx.unmet("Nobody compared it with the registration.", "Look the registration up and say if it matches.")
    if not matches and ctx.fact("outcome") != "dismissed":
        return ctx.unmet("The vehicle described is not the registered one.", "Cancel the citation.")
    return ctx.met("It was compared with the registration.")
