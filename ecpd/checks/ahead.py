"""Nothing was obtained, taught, heard, mailed or decided in the future: one guard for each model that says when.

A CHECK must not look at the clock, so this is a trigger, derived like the CHECKs. Of a change it asks only what changed,
so that a row from before can still be worked on.
"""

from typing import Any

import pgtrigger
from django.db import models

from ecpd.audit.pinned import Trigger
from ecpd.checks.names import HOUSE, rule_of

# Model -> its dates and moments that have happened when they are entered by a person.
HAPPENED: dict[str, tuple[str, ...]] = {
    "accounts.TrainingCertificate": ("issued_on", "suspended_at"),
    "accounts.User": ("enabled_at", "last_login"),
    "cases.Case": ("occurred_at", "occurred_until"),
    "cases.CustodyEntry": ("at",),
    "cases.Evidence": ("obtained_at",),
    "cases.Person": ("date_of_birth",),
    "cases.TimelineEntry": ("at",),
    "leads.GalleryPhoto": ("captured_on",),
    "leads.OptOut": ("received_on",),
    "parking.AlertAnswer": ("dispatch_confirmed_at",),
    "parking.AbandonedVehicle": ("seen_since",),
    "parking.Citation": ("violation_at",),
    "parking.LedgerEntry": ("on",),
    "parking.NoticeMailing": ("on",),
    "parking.PermitTerms": ("resolved_on",),
    "parking.PlatePolicy": ("public_comment_on", "published_at"),
    "parking.PlateShare": ("received_on",),
    "parking.TowEnd": ("at",),
    "parking.TowHearing": ("asked_at",),
    "parking.TowNotice": ("dated", "sent_at"),
    "parking.TowOrder": ("at",),
    "parking.TowRemoval": ("at",),
    "parking.TowResult": ("held_at",),
    "parking.ViolationAmount": ("resolved_on",),
}
# Two clocks differ, and a form's minute may have begun; days are the city's.
SLACK = "interval '5 minutes'"
TODAY = "(public.ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date"


def guard_of(model: type[models.Model]) -> Trigger | None:
    """The guard of a model's dates, None for a model that has none."""
    if not (names := HAPPENED.get(model._meta.label)):
        return None
    steps = "\n".join(_step(model, model._meta.get_field(name)) for name in names)
    return Trigger(
        name=guard_name(model),
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"{steps}\nRETURN NEW;",
    )


def guard_name(model: type[models.Model]) -> str:
    """`fr_20_not_ahead`, or `value_not_ahead` where no rule stands on the model."""
    return f"{(rule_of(model) or HOUSE).lower().replace('-', '_')}_not_ahead"


def _step(model: type[models.Model], field: Any) -> str:
    latest = f"public.ecpd_now() + {SLACK}" if isinstance(field, models.DateTimeField) else TODAY
    column, words = f'"{field.column}"', str(field.verbose_name)
    said = f"“{words[:1].upper()}{words[1:]}” lies in the future; enter when it happened.".replace("'", "''")
    rule = rule_of(model)
    return (
        f"IF NEW.{column} > {latest} AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column}) THEN\n"
        f"    RAISE EXCEPTION '{f'{rule}: ' if rule else ''}{said}' USING ERRCODE = '23514', "
        f"CONSTRAINT = '{guard_name(model)}';\nEND IF;"
    )
