"""Whatever date stands in a JSON value is said on its field: one that nobody said could be of any day."""

import re
from collections.abc import Iterator

import pytest
from django.db import models

from ecpd.checks.derive import is_ours
from ecpd.checks.json_field import JSONField
from leads.corroboration import KINDS
from leads.models import Corroboration
from tests.attacks.guards import tables

pytestmark = pytest.mark.django_db
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:.*)?")
NAME = re.compile(r"[A-Za-z_]\w*")
# Values that other records are repeated in, or that are no record: what stands there is held where it comes from.
REPEATED = {
    "audit.AuditEvent.detail": "The database writes it from rows that are held themselves.",
    "audit.Conduct.detail": "A note of what was done; the row that it is about is held itself.",
    "leads.SearchDraft.data": "Half a form; nothing is taken from it before it is sent.",
    "leads.ExaminationDraft.data": "Half a form; nothing is taken from it before it is sent.",
    "parking.CitationDraft.answers": "Half a form; nothing is taken from it before it is sent.",
}


def json_columns() -> Iterator[tuple[str, type[models.Model], models.JSONField]]:
    """Each JSON column of ours."""
    for table, model in tables().items():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.JSONField) and is_ours(model):
                yield table, model, field


def dates_in(value: object, path: str = "$") -> Iterator[str]:
    """Where in a JSON value something stands that is written as a date, or as a moment in seconds or milliseconds."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from dates_in(part, f"{path}.{name if NAME.fullmatch(name) else '*'}")
    elif isinstance(value, list):
        for part in value:
            yield from dates_in(part, f"{path}[*]")
    elif _is_a_date(value):
        yield path


def _is_a_date(value: object) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 1e9 < value < 5e12
    return isinstance(value, str) and DATE.fullmatch(value) is not None


def test_every_date_in_json_is_said_on_its_field(field):
    unsaid = set()
    for table, model, column in json_columns():
        said = getattr(column, "dates", {})
        for (value,) in field.owner.execute(
            f'SELECT "{column.column}" FROM "{table}" WHERE "{column.column}" IS NOT NULL'
        ):
            unsaid |= {
                f"{model._meta.label}.{column.name} {path}"
                for path in dates_in(value)
                if path not in said and f"{path.rpartition('.')[0]}.*" not in said
            }
    left = sorted(one for one in unsaid if one.split()[0] not in REPEATED)
    assert not left, "\n".join(left)


def test_the_columns_that_repeat_others_are_there():
    assert REPEATED.keys() <= {f"{model._meta.label}.{column.name}" for _, model, column in json_columns()}


def test_every_json_column_of_ours_can_say_its_dates():
    assert [
        f"{model._meta.label}.{one.name}" for _, model, one in json_columns() if not isinstance(one, JSONField)
    ] == []


def test_the_dates_of_each_kind_of_evidence_are_said():
    of_kinds = {f"$.{detail.name}" for details in KINDS.values() for detail in details if detail.is_date}
    assert of_kinds == set(Corroboration._meta.get_field("details").dates) != set()
