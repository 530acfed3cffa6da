"""What ends does not end before it begins, and nothing is withdrawn before it was entered."""

from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils import timezone

from ecpd.checks.derive import is_ours
from ecpd.checks.order import PAIRS, pairs_of
from parking.models import Exemption
from tests.checks.catalog import expressions

pytestmark = pytest.mark.django_db
FOUND = [(model, *pair) for model in apps.get_models() if is_ours(model) for pair in pairs_of(model)]
NAMES = [f"{model._meta.label}.{first.name}-{then.name}" for model, first, then in FOUND]


def _refused(model, first: models.Field, then: models.Field, values: tuple) -> bool:
    """Whether a CHECK on these two columns refuses the two values."""
    quote, kind = connection.ops.quote_name, first.db_type(connection)
    held = expressions(model._meta.db_table).get(tuple(sorted((first.column, then.column))), {})
    with connection.cursor() as cursor:
        for expression in held.values():
            cursor.execute(
                f"SELECT {expression} FROM (SELECT %s::{kind} AS {quote(first.column)},"
                f" %s::{kind} AS {quote(then.column)}) AS tried", values,
            )  # fmt: skip
            if cursor.fetchone()[0] is False:
                return True
    return False


@pytest.mark.parametrize("found", FOUND, ids=NAMES)
def test_what_follows_does_not_come_first(found):
    model, first, then = found
    early = (
        datetime(2026, 3, 2, tzinfo=timezone.get_current_timezone())
        if isinstance(first, models.DateTimeField)
        else date(2026, 3, 2)
    )
    late = early + timedelta(days=400)
    assert _refused(model, first, then, (late, early))
    assert not _refused(model, first, then, (early, late))
    assert not _refused(model, first, then, (None, early)) and not _refused(model, first, then, (late, None))


def test_each_pair_of_names_is_some_models():
    assert set(PAIRS) == {(first.name, then.name) for _, first, then in FOUND}


def test_in_python_it_is_a_sentence_on_the_second_field():
    now = timezone.now()
    rest = {field.name for field in Exemption._meta.fields} - {"begins", "ends"}
    with pytest.raises(ValidationError) as refused:
        Exemption(begins=now, ends=now - timedelta(hours=1)).validate_constraints(exclude=rest)
    assert list(refused.value.message_dict) == ["ends"]
    assert "cannot come before" in refused.value.messages[0]
