"""What the JSON of parking is made of (`ecpd.checks.shape`)."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, Func

from ecpd.audit.functions import of_an_app
from parking.curbs.shapes import KINDS, sound
from parking.curbs.types import Activity
from parking.geometry_v1 import GEOMETRY_POSSIBLE

of_an_app(GEOMETRY_POSSIBLE)

REFUSED_LINES = {"each": {"keys": {"line": "n", "plate": "s", "reason": "s"}}}
GEOMETRY = {
    "keys": {
        "type": {"one": list(KINDS)},
        "coordinates": "a",
    }
}
OPINION = {"keys": {"text": "s", "confidence?": "n0", "agrees": "b0", "words": "s", "at?": "m", "box?": "a0"}}
FACTS = {"each": {"keys": {"code": "s", "sentence": "s", "met?": "b0", "doubt?": "b0", "data?": "o0"}}}
DETAIL = {"keys": {"longitude?": "n0", "latitude?": "n0", "breach?": "s0", "passes?": "a"}}
TEXTS, NUMBERS = {"each": "s"}, {"each": "n"}
SPAN = {
    "only": True,
    "keys": {
        "days?": NUMBERS, "weeks_of_month?": NUMBERS, "days_of_month?": NUMBERS, "months?": NUMBERS, "start?": "t0",
        "end?": "t0", "start_date?": "dm0", "end_date?": "dm0", "period?": "s", "period_except?": "b", "exception?": "b",
    },
}  # fmt: skip
RULE = {
    "only": True,
    "keys": {
        "activity": {"one": [one.value for one in Activity]}, "max_stay?": "n0", "no_return?": "n0", "user_classes?": TEXTS,
        "user_classes_except?": TEXTS, "purposes?": TEXTS, "name?": "s", "description?": "s",
        "rates?": {
            "each": {"only": True, "keys": {"rate": "n", "rate_unit": "s", "extra?": {"each": {"of": ["s", "*"]}}}},
        },
    },
}  # fmt: skip
CURB = {
    "only": True,
    "keys": {
        "id": "s", "priority": "n", "rules": {"each": RULE}, "spans?": {"each": SPAN}, "published_ms?": "n0", "name?": "s",
        "description?": "s", "color?": "s", "operators?": TEXTS,
    },
}  # fmt: skip


class Geometric(Func):
    """Whether a geometry's coordinates make a point, a line or an area, in longitude and latitude."""

    function = "public.ecpd_geometry_possible"
    arity = 1
    output_field = BooleanField()


class Drawable(models.CheckConstraint):
    """A CHECK: the row's geometry can be drawn. That an outline does not cross itself the forms and imports ask beside."""

    def deconstruct(self) -> Any:
        """As a plain CheckConstraint: a migration needs the condition and nothing else."""
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs

    def validate(
        self, model: type[models.Model], instance: models.Model, exclude: Collection[str] | None = None, using: str = ""
    ) -> None:
        """Raises ValidationError on the geometry."""
        if "geometry" not in (exclude or ()) and sound(instance.geometry) is None:  # type: ignore[attr-defined]
            raise ValidationError({"geometry": ValidationError(self.get_violation_error_message(), code="check")})


def drawable(name: str) -> Drawable:
    """The CHECK of one table."""
    return Drawable(
        name=name,
        condition=Geometric("geometry"),
        violation_error_message="These coordinates make no line or area: numbers in longitude and latitude, an outline of "
        "four points or more that ends where it began.",
    )
