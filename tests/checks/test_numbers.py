"""Every measured number is one, and lies where such a number can."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from ecpd.checks import ranges
from ecpd.checks.derive import label_path
from ecpd.checks.ranges import range_of
from leads.models import Candidate
from tests.checks.catalog import fields_of_ours, label, refusing

pytestmark = pytest.mark.django_db
MEASURES = [pair for pair in fields_of_ours() if range_of(*pair)]
NO_NUMBER = ["NaN", "Infinity", "-Infinity"]


def test_every_float_and_decimal_is_a_measure():
    kinds = (models.FloatField, models.DecimalField)
    assert [label(pair) for pair in fields_of_ours() if isinstance(pair[1], kinds) and pair not in MEASURES] == []


@pytest.mark.parametrize("pair", MEASURES, ids=map(label, MEASURES))
def test_a_measure_is_a_number_between_its_ends(pair):
    low, high = range_of(*pair)
    whole = isinstance(pair[1], models.IntegerField)
    wrong: list = [] if whole else [*_storable(pair[1])]
    wrong += [] if low is None else [low - 1]
    wrong += [] if high is None else [high + 1]
    assert [value for value in wrong if not refusing(*pair, value)] == []
    assert [value for value in (low, high) if value is not None and refusing(*pair, value)] == []


def _storable(field: models.Field) -> list[str]:
    """A number with fixed digits cannot be infinite, only "not a number"."""
    return NO_NUMBER[:1] if isinstance(field, models.DecimalField) else NO_NUMBER


def test_every_range_is_of_a_field_that_there_is():
    assert set(ranges.BY_FIELD) <= {label_path(*pair) for pair in MEASURES}
    assert set(ranges.BY_NAME) <= {field.name for _, field in MEASURES}


def test_a_score_that_is_no_number_gets_a_sentence_in_python_too():
    rest = {field.name for field in Candidate._meta.fields} - {"match_score"}
    with pytest.raises(ValidationError, match="enter a number from 0 to 100"):
        Candidate(match_score=Decimal("NaN")).validate_constraints(exclude=rest)
