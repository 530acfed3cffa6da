"""Columns that come in one step of a row's life: when, by whom, why, and the state. None is filled in before the step.

A reason or a moment that somebody wrote beforehand would stand for good (`once`), and whoever acts later could not give his
own. Where the row has a state, the moment of its end comes with that, and only with that: `COMES_WITH`.
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
    "accounts.PasswordReset.factor": "used_at",
    "parking.Permit.replaced_by": "ended_at",
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
    "parking.Permit.replaced_by",  # no person: the permit that takes over, where one does
}
# A moment that a row has in some of its states and not before: the column of the state, and the states that have it.
COMES_WITH: dict[str, tuple[str, tuple[str, ...]]] = {
    "leads.ImportBatch.finished_at": ("state", ("done", "failed")),
    "leads.Lead.cleared_at": ("state", ("cleared",)),
    "leads.ProbeFaces.finished_at": ("state", ("done", "failed")),
    "leads.SearchRequest.finished_at": ("state", ("done", "failed", "cancelled", "refused")),
    "parking.AbandonedVehicle.closed_at": ("state", ("closed",)),
    "parking.PaymentPlan.ended_at": ("state", ("paid", "ended")),
    "parking.PlanRequest.answered_at": ("state", ("granted", "declined")),
}
# The same, held by a constraint or a guard of the rule's own.
HELD_BY_ITS_RULE = {
    "cases.Case.closed_at": "ac_09_open_has_no_end",
    "cases.PersonMerge.decided_at": "merge_decided_by_somebody",
    "cases.PersonMerge.undone_at": "merge_undone_by_somebody",
    "leads.WarrantApplication.decided_at": "fr_13_decided_when",
    "policy.Amendment.decided_at": "au_04_decided_with_reason",
}
ENDS = ("_by", "_reason")


def steps_of(model: type[models.Model]) -> Iterator[tuple[models.Field, list[models.Field]]]:
    """Each moment of a step in the life of a model's row, with the columns that come with it."""
    listed = {*getattr(model, "once", ()), *getattr(model, "may_change", {})}
    fields = {field.name: field for field in model._meta.local_fields if field.column in listed}
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


def in_states(model: type[models.Model]) -> Iterator[tuple[models.Field, models.Field, tuple[str, ...]]]:
    """Each moment that comes with a state: the moment, the column of the state, the states that have it."""
    fields = {field.name: field for field in model._meta.local_fields}
    for name, moment in fields.items():
        if found := COMES_WITH.get(f"{model._meta.label}.{name}"):
            yield moment, fields[found[0]], found[1]


def checks_of(model: type[models.Model]) -> Iterator[FieldCheck]:
    """Nothing of a step stands there before it, and it names who took it."""
    yield from (_of_a_step(model, moment, with_it) for moment, with_it in steps_of(model))
    yield from (_in_its_states(model, *found) for found in in_states(model))


def _of_a_step(model: type[models.Model], moment: models.Field, with_it: list[models.Field]) -> FieldCheck:
    before = Q(**{f"{moment.name}__isnull": True})
    for field in with_it:
        before &= Q(**{field.name: ""}) if not field.null else Q(**{f"{field.name}__isnull": True})
    after = Q(**{f"{moment.name}__isnull": False})
    for field in with_it:
        if is_named(model, field):
            after &= Q(**{f"{field.name}__isnull": False})
    return FieldCheck.of(
        name_of(model, moment.name, "together"),
        before | after,
        fields=(moment.name, *(field.name for field in with_it)),
        holds=lambda *values: True,  # asked where none of them is missing
        sentence=f"“{_words(moment)}” comes with who did it and why, and not before.",
    )


def _in_its_states(
    model: type[models.Model], moment: models.Field, state: models.Field, having: tuple[str, ...]
) -> FieldCheck:
    """The moment is there in these states and in no other."""
    over = Q(**{f"{state.name}__in": having})
    return FieldCheck.of(
        name_of(model, moment.name, "in_state"),
        over & Q(**{f"{moment.name}__isnull": False}) | ~over & Q(**{f"{moment.name}__isnull": True}),
        fields=(moment.name, state.name),
        holds=lambda at, now: now in having,  # asked where there is a moment
        sentence=f"“{_words(moment)}” comes with the step that it is of, and not before.",
    )


def _words(moment: models.Field) -> str:
    label = cast(str, moment.verbose_name)
    return label[:1].upper() + label[1:]
