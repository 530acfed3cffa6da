"""Each table is in one of five classes, and what follows from the class is there."""

import pgtrigger
import pytest
from django.db import models
from django.test.utils import isolate_apps

from ecpd.audit.fixed import NAME, Fixed, Unchanged, has_list
from ecpd.audit.grants import APPEND_ONLY_TABLES, DELETABLE
from ecpd.audit.records import Record
from ecpd.audit.tables import RELATIONS, TableClass, class_of, every_table

TABLES = every_table()
LISTED = [model for model in TABLES.values() if has_list(model)]


def lists_of(model) -> Fixed:
    return Fixed(once=getattr(model, "once", ()), may_change=model.may_change)


def test_every_table_is_in_a_class():
    assert {table for table, model in TABLES.items() if class_of(model) is None} == set()


@isolate_apps("cases")
def test_a_table_that_nobody_thought_of_is_in_none():
    class Forgotten(models.Model):
        __module__ = "cases.models"

        class Meta:
            app_label = "cases"
            managed = False

    assert class_of(Forgotten) is None


@isolate_apps("cases")
def test_a_record_that_says_nothing_has_every_column_fixed():
    class Fresh(Record):
        word = models.TextField()

        class Meta(Record.Meta):
            app_label = "cases"
            managed = False

    assert lists_of(Fresh).columns(Fresh) == ["word"]


def test_only_working_rows_and_libraries_rows_are_deleted():
    classes = {table: class_of(TABLES[table]) for table in DELETABLE}
    assert {t for t, c in classes.items() if c not in {TableClass.WORKING, TableClass.THIRD_PARTY}} == set()


def test_every_working_row_says_why_it_is_none_that_stays():
    working = [model for model in TABLES.values() if class_of(model) is TableClass.WORKING]
    assert all(len(RELATIONS.get(m._meta.db_table) or m.working_row) > 20 for m in working)
    assert {m._meta.db_table for m in working} <= DELETABLE


def test_what_is_listed_for_relations_and_ledgers_is_there():
    assert set(RELATIONS) | APPEND_ONLY_TABLES <= set(TABLES)


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.label)
def test_the_lists_name_columns_that_are_there_each_once(model):
    lists, columns = lists_of(model), {field.column for field in model._meta.concrete_fields}
    named = [*lists.once, *lists.may_change]
    assert len(named) == len(set(named))
    assert set(named) <= columns
    held = {name for trigger in model._meta.triggers if isinstance(trigger, Unchanged) for name in trigger.fields}
    assert not held & set(named), "Held by a guard of its own as well: it never changes."


def test_the_trigger_is_registered_for_each_of_them():
    registered = {model._meta.label for model, trigger in pgtrigger.registered() if trigger.name == NAME}
    assert registered == {model._meta.label for model in LISTED if lists_of(model).refuses(model)}
