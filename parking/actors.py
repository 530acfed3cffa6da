"""Who may be named for what in parking: a column that names an account asks for the role that opens that action (AC-08).

The roles are those of `ecpd.accounts.roles`; a change there is a migration here. An account that does not hold one of
them is named for nothing, whoever writes the row. Columns of which a rule of their own says more stand in GUARDED.
"""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models.signals import class_prepared

from ecpd.accounts.roles import ACTIONS
from ecpd.audit.pinned import Trigger, add_guards
from ecpd.audit.refusing import refuse

NAME = "zy_may_do_this"  # after the guards of a table's own rules, which say more
ZONE, TOLD, MARKED, PUT_IN = ("zone.change",), ("tow.notice",), ("abandoned.mark",), ("permit.change", "permit.decide")
HELD = ("citation.hold", "contest.file", "citation.plan")
RESUMED = ("citation.hold", "contest.withdraw", "contest.review", "contest.hear", "contest.court", "citation.plan",
           "citation.payment")  # fmt: skip

# By model its rule, and by column the actions that somebody may be named for there; the first one says what it is.
ACTORS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "Device": ("PK-09", {"registered_by_id": ("device.manage",)}),
    "DeviceToken": ("PK-09", {"issued_by_id": ("device.manage",)}),
    "PlatePolicy": ("PK-09", {"drafted_by_id": ("plate_policy.draft",), "published_by_id": ("plate_policy.publish",)}),
    "CurbImport": ("PK-16", {"imported_by_id": ZONE}),
    "CurbPolicy": ("PK-16", {"added_by_id": ZONE}),
    "Zone": ("PK-16", {"added_by_id": ZONE}),
    "ZonePolicy": ("PK-16", {"changed_by_id": ZONE}),
    "AbandonedVehicle": ("PK-04", {"reported_by_id": MARKED, "closed_by_id": MARKED + TOLD}),
    "AbandonedMark": ("PK-04", {"by_id": MARKED}),
    "AbandonedLook": ("PK-04", {"by_id": MARKED}),
    "AbandonedPhoto": ("PK-04", {"by_id": MARKED + TOLD}),
    "PlateHold": ("PK-05", {"placed_by_id": ("plate.hold",), "released_by_id": ("plate.hold",)}),
    "Violation": ("PK-16", {"added_by_id": ("violation.change",)}),
    "ViolationAmount": ("PK-16", {"entered_by_id": ("violation.change",)}),
    "CitationHold": ("PK-13", {"placed_by_id": HELD, "released_by_id": RESUMED}),
    "CitationCopy": ("PK-13", {"entered_by_id": ("citation.hold",), "sent_by_id": ("citation.hold",)}),
    "Contest": ("PK-12", {"entered_by_id": ("contest.file",)}),
    "ExemptionImport": ("PK-03", {"by_id": ("exemption.change",)}),
    "Exemption": ("PK-03", {"added_by_id": ("exemption.change",), "ended_by_id": ("exemption.change",)}),
    "Hotlist": ("PK-01", {"entered_by_id": ("hotlist.change",), "withdrawn_by_id": ("hotlist.change",)}),
    "HotlistImport": ("PK-01", {"by_id": ("hotlist.change",)}),
    "HotlistEntry": ("PK-01", {"entered_by_id": ("hotlist.change",), "withdrawn_by_id": ("hotlist.change",)}),
    "PaymentImport": ("PK-15", {"by_id": ("citation.payment",)}),
    "PlanRequest": (
        "PK-14",
        {"entered_by_id": ("citation.plan", "contest.file"), "answered_by_id": ("citation.plan",)},
    ),
    "PaymentPlan": ("PK-14", {"granted_by_id": ("citation.plan",)}),
    "CitationNotice": (
        "PK-12",
        {"issued_by_id": ("citation.issue", "contest.review", "contest.hear", "citation.plan")},
    ),
    "NoticeMailing": ("PK-12", {"by_id": ("citation.payment",)}),
    "PermitClass": ("PK-16", {"added_by_id": ("permit.set_up",)}),
    "PermitTerms": ("PK-16", {"entered_by_id": ("permit.set_up",)}),
    "PermitApplication": ("PK-16", {"entered_by_id": ("permit.enter",)}),
    "Permit": ("PK-16", {"ended_by_id": ("permit.change",)}),
    "PermitPlate": ("PK-16", {"added_by_id": PUT_IN}),
    "PermitWarning": ("PK-16", {"by_id": ("permit.change",)}),
    "GuestCode": ("PK-16", {"made_by_id": ("permit.change",)}),
    "PartnerAgency": ("PK-08", {"entered_by_id": ("plate.partner",)}),
    "TowOrder": ("PK-10", {"ordered_by_id": ("tow.order",)}),
    "TowRemoval": ("PK-10", {"by_id": TOLD}),
    "TowNotice": ("PK-10", {"by_id": TOLD}),
    "TowHearing": ("PK-10", {"entered_by_id": TOLD}),
    "TowResult": ("PK-10", {"held_by_id": ("tow.hear",)}),
    "TowEnd": ("PK-10", {"by_id": TOLD}),
}
# Columns whose role a guard of the table's own rule asks for.
GUARDED = {
    "AlertAnswer.officer_id": "pk_01_confirmed_by_a_person",
    "Citation.issued_by_id": "pk_07_issued_by_a_person",
    "CitationDelivery.by_id": "pk_07_attached_by_a_person",
    "CitationVoid.by_id": "pk_15_canceled_by_another",
    "ContestResult.decided_by_id": "pk_12_independent",
    "LedgerEntry.by_id": "pk_15_ledger_worth_its_source",
    "Permit.approved_by_id": "pk_16_permit_granted",
    "PermitDecision.by_id": "pk_16_decided_by_a_manager",
    "PlateShare.decided_by_id": "pk_08_on_a_request",
}
# Columns that name somebody without a role that opens it, each with the reason.
ANYBODY = {
    "CitationDraft.officer_id": "What is typed binds nobody; who issues it is asked then.",
    "IngestGate.actor_id": "It keeps the refusal of an account that lost the role as well (PK-09).",
    "PlateQuery.user_id": "Who looked is on the record, whoever it was (PK-06).",
}


def roles_for(actions: tuple[str, ...]) -> list[str]:
    """The roles that open one of these actions, in order."""
    return sorted({str(role) for action in actions for role in ACTIONS[action].roles})


def sentence(column: str, actions: tuple[str, ...]) -> str:
    """What is said of somebody without the role."""
    return f"Who is named here ({column}) holds no role that may {ACTIONS[actions[0]].words}."


def _step(rule_id: str, column: str, actions: tuple[str, ...]) -> str:
    holds = " OR ".join(f"public.ecpd_has_role(NEW.{column}, '{role}')" for role in roles_for(actions))
    return (
        f"IF NEW.{column} IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column})\n"
        f"   AND NOT ({holds}) THEN\n    {refuse(rule_id, sentence(column, actions))}\nEND IF;"
    )


def guard_of(name: str) -> Trigger:
    """The guard of a model's actors."""
    from ecpd.audit.records import guard  # its bases are models, and this is imported before those of parking

    rule_id, columns = ACTORS[name]
    sql = "\n".join(_step(rule_id, column, actions) for column, actions in columns.items())
    return guard(NAME, sql, on=pgtrigger.Insert | pgtrigger.Update)


def _add(sender: type[models.Model], **kwargs: Any) -> None:
    if sender.__module__.startswith("parking.models") and sender.__name__ in ACTORS and not sender._meta.abstract:
        add_guards(sender, guard_of(sender.__name__))


class_prepared.connect(_add, dispatch_uid="parking.actors")
