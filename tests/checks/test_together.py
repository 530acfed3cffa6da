"""Columns that come in one step of a row's life come together: no reason is written before the step (AC-07)."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from cases.models import Evidence
from cases.services.evidence import withdraw_evidence
from ecpd.checks.derive import is_ours
from ecpd.checks.together import BY_NOBODY, COMES_WITH, ELSEWHERE, HELD_BY_ITS_RULE, steps_of
from tests.factories import leads as make

WHENEVER = "It says that somebody is at work."
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
    assert alone == []


# Moments of a row with a state that belong to no state, each with the reason.
OF_NO_STATE = {
    "leads.ExaminationRequest.knew_nothing_at": "Who is drawn says it while the request is open; it stays, however that ends.",
    "leads.ImportBatch.heartbeat_at": WHENEVER,
    "leads.Lead.marked_at": "An application that is withdrawn, and a mark that falls, leave who marked where it stands.",
    "leads.SearchRequest.heartbeat_at": WHENEVER,
    "cases.Case.last_event_at": WHENEVER,
    "cases.Case.occurred_at": "It is of the matter, and is edited.",
    "cases.Case.occurred_until": "It is of the matter, and is edited.",
    "parking.AbandonedVehicle.seen_since": "It is said of the vehicle by who reports or finds it.",
    "parking.Contest.scheduled_at": "A hearing is scheduled while its contest is open.",
    "parking.PlateImage.asked_at": "A second opinion is asked for of a picture that has come or is announced.",
    "parking.Read.looked_at": "It changes only as the state does (`as_it_leaves`); one without text is over as it comes.",
    "policy.Amendment.effective_at": "It comes with the decision (`together.ELSEWHERE`).",
}


def test_each_moment_of_a_row_with_a_state_comes_with_a_state_or_says_why_not():
    """A new moment of an end that could come without its end is found here."""
    with_state = [model for model in OURS if {"state", "status"} & set(getattr(model, "may_change", {}))]
    moments = {
        f"{model._meta.label}.{field.name}"
        for model in with_state
        for field in model._meta.local_fields
        if isinstance(field, models.DateTimeField)
        and field.column in (*getattr(model, "once", ()), *getattr(model, "may_change", {}))
    }
    listed = [*COMES_WITH, *HELD_BY_ITS_RULE, *OF_NO_STATE]
    assert sorted(moments) == sorted(listed)
    assert len(listed) == len(set(listed))


def test_what_its_rule_holds_is_a_constraint_or_a_guard_of_that_table():
    for name, guard in HELD_BY_ITS_RULE.items():
        meta = apps.get_model(name.rpartition(".")[0])._meta
        assert guard in {one.name for one in (*meta.constraints, *meta.triggers)}


@pytest.mark.django_db
def test_who_withdraws_gives_a_reason_though_somebody_tried_to_write_one_before():
    people = make.agency()
    exhibit = make.exhibit(people)
    with pytest.raises(IntegrityError, match="withdrawn_at_together"), transaction.atomic():
        Evidence.objects.filter(pk=exhibit.pk).update(withdrawn_reason="x")
    withdraw_evidence(evidence=exhibit, actor=people.okafor, reason="Entered twice, see the other.")
    assert Evidence.objects.get(pk=exhibit.pk).withdrawn_reason == "Entered twice, see the other."
