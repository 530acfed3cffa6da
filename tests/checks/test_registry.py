"""The index under pgtrigger's registry: it says what the registry as shipped would say, and every process uses it."""

import pytest
from pgtrigger import registry
from pgtrigger.core import Before, Delete, Trigger

from cases.models import Case, CaseNote
from ecpd.checks.registry import IndexedRegistry, use

SHIPPED = registry._Registry


@pytest.fixture
def one(monkeypatch):
    """A registry of a single trigger, in force for this test; the models are afterwards as they were."""
    for model in (Case, CaseNote):
        monkeypatch.setattr(model._meta, "triggers", list(model._meta.triggers))
        monkeypatch.setitem(model._meta.original_attrs, "triggers", list(model._meta.original_attrs["triggers"]))
    monkeypatch.setattr(registry, "_registry", IndexedRegistry())
    trigger(Case)
    return registry._registry


def trigger(model, name="keeps", func="RETURN OLD;") -> Trigger:
    made = Trigger(name=name, when=Before, operation=Delete, func=func)
    made.register(model)
    return made


def says_as_shipped(kept: IndexedRegistry) -> bool:
    return (kept.pg_function_names, kept.by_db_table) == (
        SHIPPED.pg_function_names.fget(kept),
        SHIPPED.by_db_table.fget(kept),
    )


def test_every_trigger_of_the_product_is_in_it_and_it_says_what_the_shipped_one_would():
    assert isinstance(registry._registry, IndexedRegistry)
    assert len(registry._registry) > 1000
    assert says_as_shipped(registry._registry)


def test_the_same_name_for_another_trigger_of_the_table_is_refused(one):
    with pytest.raises(KeyError, match="already used for model"):
        trigger(Case, func="RETURN NULL;")
    assert says_as_shipped(one)


def test_the_same_trigger_twice_is_one(one):
    trigger(CaseNote)
    registry.set("cases.Case:keeps", model=Case, trigger=one["cases.Case:keeps"][1])
    assert len(one) == 2
    assert says_as_shipped(one)


def test_another_name_for_a_function_that_is_there_is_refused(one, monkeypatch):
    monkeypatch.setattr(Trigger, "get_pgid", lambda self, model: "pgtrigger_always_the_same")
    one._functions.add("pgtrigger_always_the_same")
    with pytest.raises(KeyError, match="has Postgres function name that"):
        trigger(CaseNote, name="other")


def test_what_was_taken_out_may_come_again_as_another(one):
    registry.delete("cases.Case:keeps")
    assert says_as_shipped(one)
    assert not one.pg_function_names
    trigger(Case, func="RETURN NULL;")
    assert says_as_shipped(one)


def test_it_is_not_put_below_triggers_that_it_would_not_know():
    with pytest.raises(RuntimeError, match="registered already"):
        use()
