"""What the page of a decided application shows of its steps, and of what came in since (FR-27)."""

from typing import Any

from cases.access import can
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from leads.models import WarrantApplication, WarrantStep
from leads.selectors.after import (
    AFTER_APPROVAL,
    open_steps,
    steps_of,
    to_disclose_by,
    undisclosed,
    versions_of,
)
from leads.selectors.dark import news_for


def after_of(application: WarrantApplication, user: User) -> dict[str, Any] | None:
    """Steps, sealed versions, what waits to be disclosed and what this person may do; None before a decision."""
    if application.decided_at is None:
        return None
    waiting, approved = undisclosed(application), application.state in AFTER_APPROVAL
    follows = [kind for kind in open_steps(application) if kind != WarrantStep.Kind.SUPPLEMENT]
    records = approved and user.may("warrant.step") and can(user, application.lead.case, "contribute")
    return {
        "steps": [step for step in steps_of(application) if step.kind != WarrantStep.Kind.SEALED],
        "versions": versions_of(application), "waiting": news_for(waiting, user),
        "by": to_disclose_by(waiting), "may_record": records and bool(follows), "may_disclose": records,
        "may_recall": application.state == WarrantApplication.State.APPROVED and user.may("warrant.recall")
        and (application.applicant_id == user.pk or bool(user.role_names & {Role.CAPTAIN, Role.CHIEF})),
        "approved": approved,
    }  # fmt: skip
