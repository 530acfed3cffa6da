"""How an application ends other than by a captain: returned to its applicant, or recalled after approval (FR-13, FR-27)."""

from django.utils import timezone

from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy.models import Decision
from leads.models import WarrantApplication, WarrantStep


def give_back(application: WarrantApplication, reason: str) -> None:
    """Return an application that waits to who made it. Call inside a door; the lead goes on by itself."""
    application.state, application.decided_at = WarrantApplication.State.RETURNED, timezone.now()
    application.returned_reason = reason
    application.save(update_fields=["state", "decided_at", "returned_reason"])
    record(actor=None, action="warrant.returned", subject=application, case_number=application.case.case_number,
           reason=reason)  # fmt: skip
    timeline.add(
        case=application.case,
        kind="warrant",
        headline=f"Application {application.number} returned to {application.applicant.short_name}.",
        detail=reason,
        url=application.get_absolute_url(),
    )


def take_back(application: WarrantApplication, actor: User, reason: str, decision: Decision) -> None:
    """The step and the state of a recall. Call inside a door; the lead goes on by itself."""
    step = WarrantStep.objects.create(
        application=application, kind=WarrantStep.Kind.RECALLED, by=actor, words=reason.strip(), decision=decision,
        happened_on=timezone.localdate(),
    )  # fmt: skip
    application.state = WarrantApplication.State.RECALLED
    application.save(update_fields=["state"])
    note(step)


def note(step: WarrantStep) -> None:
    """A line of the timeline for a step; the application reads its steps anew."""
    application = step.application
    application.__dict__.pop("steps_read", None)
    named = f", version {step.version}" if step.version else ""
    to = f" {step.whom}." if step.whom else ""
    timeline.add(
        case=application.case,
        kind="warrant",
        actor=step.by,
        headline=f"{application.number}{named}: {step.get_kind_display().lower()}.{to}",
        detail=step.words,
        url=application.get_absolute_url(),
    )
