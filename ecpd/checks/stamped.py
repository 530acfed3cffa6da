"""What says when ECPD recorded something is the moment of the entry: one guard for each record with such columns.

Nobody enters these moments, so whoever writes another one back-dates the record or makes it newer than it is. When
something happened in the world is for a person to say, within `ahead`. Of a change it asks only what changed.
"""

import pgtrigger
from django.db import models

from ecpd.audit.pinned import Trigger
from ecpd.audit.refusing import refuse

NAME = "ac_07_stamped"
# What a service takes from the clock itself, beside `auto_now_add` and the moments that come once in a row's life.
TAKEN_FROM_THE_CLOCK: dict[str, tuple[str, ...]] = {
    "accounts.ApiToken": ("created_at",),
    "accounts.PasswordLock": ("locked_at",),
    "accounts.PasswordReset": ("asked_at",),
    "cases.Case": ("closed_at", "last_event_at"),
    "leads.Lead": ("marked_at",),
    "parking.AbandonedLook": ("at",),
    "parking.AbandonedMark": ("at",),
    "parking.CitationNotice": ("issued_at",),
    "parking.Exemption": ("begins",),
    "parking.PermitReminder": ("done_at",),
    "parking.TowEnd": ("at",),
    "parking.TowOrder": ("at",),
    "parking.ZonePolicy": ("starts_at",),
}
# Set once, and said by a person, a file or the calendar.
SAID = frozenset(
    {
        "parking.AbandonedVehicle.seen_since",
        "parking.CurbArea.ends_at",
        "parking.CurbSpace.ends_at",
        "parking.Zone.ends_at",
        "policy.Amendment.effective_at",
    }
)
# Written by a trigger whatever the row says: nobody can give another moment.
BY_THE_DATABASE = frozenset(
    {
        "accounts.FactorAdded.at",
        "accounts.TrainingCertificate.suspended_at",
        "cases.CaseLink.entered_at",
        "cases.CaseLink.withdrawn_at",
        "cases.CaseNote.at",
        "cases.CustodyEntry.recorded_at",
        "cases.Evidence.added_at",
        "cases.Evidence.withdrawn_at",
        "cases.IncidentNumber.entered_at",
        "cases.IncidentNumber.withdrawn_at",
        "cases.NotSamePerson.at",
        "cases.PersonMerge.decided_at",
        "cases.PersonMerge.proposed_at",
        "cases.PersonMerge.undone_at",
        "leads.Corroboration.linked_at",
        "leads.Corroboration.withdrawn_at",
        "leads.CorroborationVerification.at",
        "leads.Examination.recorded_at",
        "leads.CaseAcceptance.at",
        "leads.ExaminationRequest.asked_at",
        "leads.ExaminationRequest.knew_nothing_at",
        "leads.ExculpatoryAnswer.answered_at",
        "leads.ExculpatoryEntry.entered_at",
        "leads.GallerySource.withdrawn_at",
        "leads.Identity.entered_at",
        "leads.IdentityAnswer.at",
        "leads.Lead.cleared_at",
        "leads.OptOut.recorded_at",
        "leads.PacketReading.at",
        "leads.PurposeException.at",
        "leads.SearchReplay.at",
        "leads.SearchRequest.finished_at",
        "leads.SearchRequest.requested_at",
        "leads.Veil.at",
        "leads.WarrantStep.at",
        "leads.WarrantApplication.decided_at",
        "parking.ReadKeep.at",
        "policy.Amendment.proposed_at",
        "policy.Decision.at",
    }
)
# A page may wait for a lock, a worker for its turn; two clocks differ.
SLACK = "interval '5 minutes'"


def stamped_columns(model: type[models.Model]) -> list[str]:
    """The columns of a model that are the moment in which they are written, in the model's order."""
    if not hasattr(model, "append_only"):  # neither a Record nor a Ledger
        return []
    named, once = TAKEN_FROM_THE_CLOCK.get(model._meta.label, ()), getattr(model, "once", ())
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateTimeField)
        and (getattr(field, "auto_now_add", False) or field.name in named or field.column in once)
        and f"{model._meta.label}.{field.name}" not in SAID | BY_THE_DATABASE
    ]


def guard_of(model: type[models.Model]) -> Trigger | None:
    """The guard of a model's stamps, None for a model that has none."""
    if not (columns := stamped_columns(model)):
        return None
    return Trigger(
        name=NAME,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="\n".join(_step(column) for column in columns) + "\nRETURN NEW;",
    )


def _step(column: str) -> str:
    return (
        f'IF (TG_OP = \'INSERT\' OR NEW."{column}" IS DISTINCT FROM OLD."{column}") AND NEW."{column}" NOT BETWEEN '
        f"public.ecpd_now() - {SLACK} AND public.ecpd_now() + {SLACK} THEN\n"
        f"    {refuse('AC-07', f'When it was recorded ({column}) is the moment of the entry.')}\nEND IF;"
    )
