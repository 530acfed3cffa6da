"""Columns that come in one step of a row's life: when, by whom, why. None of them is filled in before the step is taken.

A reason that somebody wrote beforehand would stand for good (`once`), and whoever acts later could not give his own.
"""

from collections.abc import Iterator
from typing import cast

from django.db import models
from django.db.models import Q

from ecpd.checks.constraint import FieldCheck
from ecpd.checks.names import name_of

# Of a step whose columns have other names than its moment: the column, and the moment it comes with.
ELSEWHERE = {
    "policy.Amendment.decision_reason": "decided_at",
    "policy.Amendment.effective_at": "decided_at",
    "parking.AbandonedVehicle.outcome": "closed_at",
    "parking.PlanRequest.answer": "answered_at",
    "parking.Zone.ended_reason": "ends_at",
    "leads.WarrantApplication.returned_reason": "decided_at",
    "leads.WarrantApplication.packet": "decided_at",
    "leads.WarrantApplication.packet_sha256": "decided_at",
    "leads.ImportBatch.error": "finished_at",
    "leads.ProbeFaces.error": "finished_at",
    **{
        f"leads.SearchRequest.{name}": "finished_at"
        for name in ("error", "run_decision", "gallery_size", "gallery_watermark", "model_id", "model_card", "mode",
                     "threshold", "above_bar", "probe_embedding")
    },
}  # fmt: skip
# Steps that software takes too, or a person without an account: nobody needs to be named.
BY_NOBODY = {
    "accounts.ApiToken.revoked_by",  # with its account's password
    "accounts.PasswordLock.released_by",  # from the shell
    "parking.CitationHold.released_by",  # with the last payment
    "parking.Permit.ended_by",  # its holder, online
}
ENDS = ("_by", "_reason")


def steps_of(model: type[models.Model]) -> Iterator[tuple[models.Field, list[models.Field]]]:
    """Each moment that comes once in the life of a model's row, with the columns that come with it."""
    once = set(getattr(model, "once", ()))
    fields = {field.name: field for field in model._meta.local_fields if field.column in once}
    for name, moment in fields.items():
        if isinstance(moment, models.DateTimeField):
            begins = name.removesuffix("_at")
            named = [fields[begins + end] for end in ENDS if begins + end in fields]
            others = [one for one in fields.values() if ELSEWHERE.get(f"{model._meta.label}.{one.name}") == name]
            if with_it := [*named, *others]:
                yield moment, with_it


def is_named(model: type[models.Model], field: models.Field) -> bool:
    """Whether the step is always somebody's, whom this column names."""
    return field.name.endswith("_by") and f"{model._meta.label}.{field.name}" not in BY_NOBODY


def checks_of(model: type[models.Model]) -> Iterator[FieldCheck]:
    """Nothing of a step stands there before it, and it names who took it."""
    for moment, with_it in steps_of(model):
        before = Q(**{f"{moment.name}__isnull": True})
        for field in with_it:
            before &= Q(**{field.name: ""}) if not field.null else Q(**{f"{field.name}__isnull": True})
        after = Q(**{f"{moment.name}__isnull": False})
        for field in with_it:
            if is_named(model, field):
                after &= Q(**{f"{field.name}__isnull": False})
        label = cast(str, moment.verbose_name)
        yield FieldCheck.of(
            name_of(model, moment.name, "together"),
            before | after,
            fields=(moment.name, *(field.name for field in with_it)),
            holds=lambda *values: True,  # asked where none of them is missing
            sentence=f"“{label[:1].upper() + label[1:]}” comes with who did it and why, and not before.",
        )
