"""Nothing was obtained, taught, heard, mailed or decided in the future: one guard for each model that says when.

Every date of ours is held but those listed here with the reason why they may lie ahead, and those that the database or
`stamped` holds to the moment of the entry. A CHECK must not look at the clock, so this is a trigger, derived like the
CHECKs. Of a change it asks only what changed, so that a row from before can still be worked on. The dates that stand in a
JSON value are said on its field, each with the reason why it may lie ahead, if it may (`json_field`).
"""

import pgtrigger
from django.db import models

from ecpd.audit.pinned import Trigger
from ecpd.checks.json_field import HAPPENED, JSONField
from ecpd.checks.names import HOUSE, rule_of
from ecpd.checks.stamped import BY_THE_DATABASE, stamped_columns

# Dates and moments that may lie ahead, each with its reason; every other one has happened when it is written.
_EXPIRES = "Until when something is good."
_DUE = "By when somebody has to act."
_IN_FORCE = "From when something holds; it is written before."
_OF_A_READ = "A reader's clock may run ahead; its batch says by how much."
MAY_LIE_AHEAD: dict[str, str] = {
    "accounts.ApiToken.expires_at": _EXPIRES,
    "accounts.FactorState.closed_until": "No code is taken before.",
    "accounts.FactorState.enrol_until": _EXPIRES,
    "accounts.Rescue.ends_at": _EXPIRES,
    "accounts.TrainingCertificate.expires_on": _EXPIRES,
    "policy.Amendment.effective_at": _IN_FORCE,
    "policy.Amendment.effective_on": _IN_FORCE,
    "policy.ManualVersion.effective_from": _IN_FORCE,
    "leads.ExaminationRequest.due_on": _DUE,
    "leads.SearchRequest.accept_by": _DUE,
    "parking.AbandonedMark.look_from": "The second look comes after the hours of the law.",
    "parking.Alert.first_at": _OF_A_READ,
    "parking.Alert.last_at": _OF_A_READ,
    "parking.Citation.due_on": _DUE,
    "parking.CitationCopy.due_on": _DUE,
    "parking.Contest.last_day": _DUE,
    "parking.Contest.scheduled_at": "A hearing is set for a day to come.",
    "parking.CurbArea.ends_at": _EXPIRES,
    "parking.CurbSpace.ends_at": _EXPIRES,
    "parking.DeviceToken.valid_until": _EXPIRES,
    "parking.Exemption.ends": _EXPIRES,
    "parking.GuestCode.expires_at": _EXPIRES,
    "parking.Hotlist.expires_on": _EXPIRES,
    "parking.HotlistEntry.expires_on": _EXPIRES,
    "parking.HotlistHit.day": _OF_A_READ,
    "parking.IngestBatch.sent_at": _OF_A_READ,
    "parking.PaymentPlan.first_due_on": _DUE,
    "parking.Permit.begins": _IN_FORCE,
    "parking.Permit.ends": _EXPIRES,
    "parking.PermitLink.expires_at": _EXPIRES,
    "parking.PermitPlate.begins": _IN_FORCE,
    "parking.PermitPlate.ends": _EXPIRES,
    "parking.PermitTerms.effective_on": _IN_FORCE,
    "parking.PlateHold.since": "A hold may be of reads to come.",
    "parking.PlateHold.until": "A hold may be of reads to come.",
    "parking.PlateShare.since": "The words of the request, whatever they ask for.",
    "parking.PlateShare.until": "The words of the request, whatever they ask for.",
    "parking.Read.captured_at": _OF_A_READ,
    "parking.Stay.due_at": "When the vehicle will have stood too long.",
    "parking.Stay.ended_at": _OF_A_READ,
    "parking.Stay.expires_at": _EXPIRES,
    "parking.Stay.first_at": _OF_A_READ,
    "parking.Stay.last_at": _OF_A_READ,
    "parking.TowHearing.due_at": _DUE,
    "parking.TowHearing.last_day": _DUE,
    "parking.Track.first_at": _OF_A_READ,
    "parking.Track.last_at": _OF_A_READ,
    "parking.ViolationAmount.effective_on": _IN_FORCE,
    "parking.Zone.ends_at": _EXPIRES,
    "parking.Zone.starts_at": _IN_FORCE,
}
# What the application cannot write, each with who does.
NOT_THE_APPLICATION_S: dict[str, str] = {
    "audit.AuditEvent.at": "The database's own trigger writes it; verify_audit names one that is not of its time.",
    "audit.ChainSeal.sealed_at": "The sealer's, a role that may call nothing of ours.",
    "audit.Sealer.seen_at": "The sealer's, a role that may call nothing of ours.",
    "audit.Stamp.stamped_at": "The authority's signed time, written by the sealer's role.",
}
# Two clocks differ, and a form's minute may have begun; days are the city's.
SLACK = "interval '5 minutes'"
TODAY = "(public.ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date"


def happened(model: type[models.Model]) -> list[models.DateField]:
    """The dates and moments of a model that this guard holds, in the model's order."""
    held = set(stamped_columns(model))
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.DateField)
        and field.column not in held
        and f"{model._meta.label}.{field.name}"
        not in MAY_LIE_AHEAD.keys() | NOT_THE_APPLICATION_S.keys() | BY_THE_DATABASE
    ]


def happened_in_json(model: type[models.Model]) -> list[tuple[JSONField, str]]:
    """The dates that stand in JSON values of a model and have been: the field, and where in it."""
    fields = [field for field in model._meta.local_fields if isinstance(field, JSONField)]
    return [(field, path) for field in fields for path, reason in field.dates.items() if reason == HAPPENED]


def guard_of(model: type[models.Model]) -> Trigger | None:
    """The guard of a model's dates, None for a model that has none."""
    fields, parts = happened(model), happened_in_json(model)
    if not fields and not parts:
        return None
    steps = "\n".join([*(_step(model, field) for field in fields), *(_json_step(model, *part) for part in parts)])
    return Trigger(
        name=guard_name(model),
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"{steps}\nRETURN NEW;",
    )


def guard_name(model: type[models.Model]) -> str:
    """`fr_20_not_ahead`, or `value_not_ahead` where no rule stands on the model."""
    return f"{(rule_of(model) or HOUSE).lower().replace('-', '_')}_not_ahead"


def _step(model: type[models.Model], field: models.DateField) -> str:
    latest = f"public.ecpd_now() + {SLACK}" if isinstance(field, models.DateTimeField) else TODAY
    said = f"“{_words(field.verbose_name)}” lies in the future; enter when it happened."
    return _refused_if_changed(model, field, f'NEW."{field.column}" > {latest}', said)


def _json_step(model: type[models.Model], field: JSONField, path: str) -> str:
    return _refused_if_changed(
        model,
        field,
        f"NOT public.ecpd_json_happened(NEW.\"{field.column}\", '{path}', public.ecpd_now() + {SLACK})",
        f"“{words_of(field, path)}” is no date that has been; write the day on which it was, as 2026-05-31.",
    )


def _refused_if_changed(model: type[models.Model], field: models.Field, condition: str, said: str) -> str:
    rule, said = rule_of(model), said.replace("'", "''")
    column = f'"{field.column}"'
    return (
        f"IF {condition} AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column}) THEN\n"
        f"    RAISE EXCEPTION '{f'{rule}: ' if rule else ''}{said}' USING ERRCODE = '23514', "
        f"CONSTRAINT = '{guard_name(model)}';\nEND IF;"
    )


def words_of(field: JSONField, path: str) -> str:
    """What a person reads of a date inside a JSON value."""
    return _words(path.strip("$.*[]").replace("_", " ") or field.verbose_name)


def _words(words: object) -> str:
    return f"{str(words)[:1].upper()}{str(words)[1:]}"
