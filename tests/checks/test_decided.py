"""AU-03: which decision a row names, column by column; what it holds is tried in tests/attacks."""

from django.apps import apps

from ecpd.accounts.roles import ACTIONS
from ecpd.checks.acts import ANY, DECISIONS, ITSELF, KEEPS_A_REFUSAL, NOTHING
from ecpd.checks.decided import constraints_of, decision_fields, guard_of
from ecpd.policy.registry import rules_for
from tests.attacks.decisions import served_decisions, unfit_decisions

COLUMNS = {
    f"{model._meta.label}.{field.name}": (model, field)
    for model in apps.get_models()
    for field in decision_fields(model)
}


def test_every_column_that_names_a_decision_says_which():
    assert set(DECISIONS) == set(COLUMNS)
    assert set(KEEPS_A_REFUSAL) <= set(DECISIONS)


def test_the_acts_are_the_doors_and_about_models_there_are():
    acts = {(name, act) for name, one in DECISIONS.items() for act in one.acts}
    assert [name for name, act in acts if act.action not in ACTIONS or not rules_for(act.action)] == []
    assert [name for name, act in acts if act.about and apps.get_model(act.about) is None] == []


def test_what_a_row_points_to_is_what_the_decision_is_about():
    for name, (model, _) in COLUMNS.items():
        for act in DECISIONS[name].acts:
            if act.which == ITSELF or act.which == model._meta.pk.column:
                assert act.about == model._meta.label_lower, name
            elif act.by_column:
                field = next(one for one in model._meta.concrete_fields if one.column == act.which)
                assert field.related_model._meta.label_lower == act.about, name
            assert act.about or act.which == NOTHING, name


def test_what_is_not_as_everywhere_has_its_reason():
    for name, one in DECISIONS.items():
        odd = one.once or not one.by or any(act.which == ANY for act in one.acts)
        assert not odd or len(one.why) > 40, name
        assert all(len(reason) > 30 for reason in (one.lawful or {}).values()), name


def test_whose_act_it_is_is_a_person_of_the_row():
    for name, (model, _) in COLUMNS.items():
        if (by := DECISIONS[name].by) and not by.startswith("("):
            field = next(one for one in model._meta.concrete_fields if one.column == by)
            assert field.related_model._meta.label == "accounts.User", name


def test_each_column_has_its_guard_its_constraint_and_its_attacks():
    attacked = {
        (one.guard.table, one.title.partition(":")[0]) for make in (unfit_decisions, served_decisions) for one in make()
    }
    for model, field in COLUMNS.values():
        assert f"({field.column})" in guard_of(model).func
        assert any(field.name in one.fields for one in constraints_of(model))
        assert (model._meta.db_table, field.column) in attacked
