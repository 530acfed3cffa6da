"""A row that leads to a case by more than one key leads to one case: each such model has its guard, or a reason."""

import re

import pytest
from django.apps import apps
from django.db import models

from cases.models import Case

GUARDS = {
    "leads.Lead": {"fr_07_fr_08_above_the_bar", "fr_10_its_person"},
    "leads.Corroboration": {"fr_10_same_case"},
    "leads.SearchRequest": {"fr_03_probe_is_evidence", "ac_09_one_case"},
    "leads.WarrantDecision": {"fr_13_no_part_in_it"},
    "cases.CaseNote": {"ac_09_one_case"},
    "cases.Evidence": {"ac_09_one_case"},
    "cases.NotSamePerson": {"ac_09_one_case"},
    "cases.PersonMerge": {"ac_09_one_case"},
    "leads.ExculpatoryEntry": {"ac_09_one_case"},
    "leads.Identity": {"ac_09_one_case"},
    "leads.WarrantApplication": {"fr_10_application"},
}
NONE_NEEDED = {
    "cases.Person": "It points to another entry only by a merge, whose two entries are of one case.",
    "cases.CaseLink": "It says of two cases that they are one matter.",
}


def leading_to_a_case() -> set[type[models.Model]]:
    """Models of which a row belongs to a case, along whatever keys."""
    found: set[type[models.Model]] = {Case}
    while near := {one for one in apps.get_models() if one not in found and any(keys(one, found))}:
        found |= near
    return found


def keys(model: type[models.Model], found: set[type[models.Model]]) -> list[str]:
    """The columns of a model by which one gets to a case."""
    concrete = model._meta.concrete_fields
    return [str(field.column) for field in concrete if field.related_model in found]


def more_than_one() -> dict[str, list[str]]:
    found = leading_to_a_case()
    return {m._meta.label: keys(m, found) for m in found if m is not Case and len(keys(m, found)) > 1}


def test_every_model_with_two_ways_to_a_case_is_listed():
    assert set(more_than_one()) == {*GUARDS, *NONE_NEEDED}


@pytest.mark.parametrize("label", GUARDS)
def test_its_guards_look_at_each_of_the_keys(label: str):
    model = apps.get_model(label)
    triggers = [t for t in model._meta.triggers if t.name in GUARDS[label]]
    assert {t.name for t in triggers} == GUARDS[label]
    looked_at = {name for t in triggers for name in re.findall(r"NEW\.(\w+)", str(t.func))}
    assert set(more_than_one()[label]) <= looked_at
