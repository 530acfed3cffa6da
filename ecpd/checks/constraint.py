"""FieldCheck: a CHECK derived from a model's fields, with its sentence and the same question in Python."""

from collections.abc import Callable, Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable


class FieldCheck(models.CheckConstraint):
    """Stands in a migration as a plain CheckConstraint; `full_clean` asks `holds`, which costs no query."""

    fields: tuple[str, ...] = ()
    sentence = ""
    holds: Callable[..., bool] | None = None

    @classmethod
    def of(
        cls, name: str, condition: Any, *, fields: tuple[str, ...], holds: Callable[..., bool], sentence: str
    ) -> Self:
        """`holds` is asked with the fields' values in order, when none of them is missing."""
        made = cls(name=name, condition=condition)
        made.fields, made.holds, made.sentence = fields, holds, sentence
        return made

    def validate(
        self, model: type[models.Model], instance: models.Model, exclude: Collection[str] | None = None, using: str = ""
    ) -> None:
        """Raises ValidationError on the last of the fields."""
        if self.holds is None or set(self.fields) & set(exclude or ()):
            return
        values = [getattr(instance, field) for field in self.fields]
        if any(value is None or isinstance(value, Combinable) for value in values) or self.holds(*values):
            return
        raise ValidationError({self.fields[-1]: ValidationError(self.sentence, code="check")})

    def get_violation_error_message(self) -> str:
        """What a person reads when the database refuses."""
        return self.sentence or str(super().get_violation_error_message())

    def deconstruct(self) -> Any:
        """As a plain CheckConstraint: a migration needs the condition and nothing else."""
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs
