"""The JSON field of our models: whatever number stands in a row, the row can be read; what it is made of, and its dates,
are said.

PostgreSQL keeps numbers of thousands of digits; Python refuses to read a whole one of more than 4,300, and with it
every row of the query. New rows hold none (`plain.fits`), but what an older row or another hand left is still shown.
"""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from django.db import models

from ecpd.checks.shape import Shape

HAPPENED = ""  # a date of JSON that has been when it is written, as every other one of ours
MOST_DIGITS = 400  # more than the largest number that a row may hold has (`plain.LARGEST_NUMBER`)


def whole(digits: str) -> int | str:
    """The number; its digits as text where there are too many to count with."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def broken(digits: str) -> float | str:
    """The number; its digits as text where no float is as large."""
    number = float(digits)
    return number if isfinite(number) else digits


class AnyNumber(json.JSONDecoder):
    """JSON of which no number is too long to be read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"parse_int": whole, "parse_float": broken} | kwargs)


class JSONField(models.JSONField):
    """Django's, read with `AnyNumber`, with the `shape` that a CHECK holds (ecpd.checks.shape); to a migration it is Django's.

    `dates`: where its dates and moments stand (SQL/JSON path, `$.report_date`, `$[*].at`), each with `HAPPENED`, which the
    database holds (ecpd.checks.ahead), or with the reason why it may lie ahead or is not asked.
    """

    def __init__(
        self, *args: Any, shape: Shape | None = None, dates: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.shape = shape
        self.dates = dict(dates or {})
        super().__init__(*args, **{"decoder": AnyNumber} | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """How migrations write it: no decoder changes what the database holds."""
        name, _, args, kwargs = super().deconstruct()
        if kwargs.get("decoder") is AnyNumber:
            del kwargs["decoder"]
        return name, "django.db.models.JSONField", args, kwargs
