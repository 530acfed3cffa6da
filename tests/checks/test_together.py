"""Columns that come in one step of a row's life come together: no reason is written before the step (AC-07)."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from cases.models import Evidence
from cases.services.evidence import withdraw_evidence
from ecpd.checks.derive import is_ours
from ecpd.checks.together import BY_NOBODY, ELSEWHERE, steps_of
from tests.factories import leads as make

OURS = [model for model in apps.get_models() if is_ours(model)]
STEPS = [(model, moment, with_it) for model in OURS for moment, with_it in steps_of(model)]


def test_each_name_of_a_list_is_some_column():
    columns = {f"{model._meta.label}.{field.name}" for model, _, with_it in STEPS for field in with_it}
    assert set(ELSEWHERE) <= columns and columns >= BY_NOBODY


def test_each_reason_that_is_given_once_comes_with_a_moment():
    """A new model whose reason stands alone is found here."""
    held = {(model, field.name) for model, _, with_it in STEPS for field in with_it}
    alone = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.local_fields
        if field.column in getattr(model, "once", ())
        and field.name.endswith(("_reason", "_by"))
        and (model, field.name) not in held
    ]
    assert alone == ["parking.Permit.replaced_by"], "of the permit that takes over, after it has ended"


@pytest.mark.django_db
def test_who_withdraws_gives_a_reason_though_somebody_tried_to_write_one_before():
    people = make.agency()
    exhibit = make.exhibit(people)
    with pytest.raises(IntegrityError, match="withdrawn_at_together"), transaction.atomic():
        Evidence.objects.filter(pk=exhibit.pk).update(withdrawn_reason="x")
    withdraw_evidence(evidence=exhibit, actor=people.okafor, reason="Entered twice, see the other.")
    assert Evidence.objects.get(pk=exhibit.pk).withdrawn_reason == "Entered twice, see the other."
