"""Between which numbers a value lies: what is not here must at least be a number. Units are the field's own."""

from datetime import date

from django.db import models

Range = tuple[float | None, float | None]

# Dates and moments of every model. Beyond them lie no birth and no permit, and pages that cannot print the row.
FIRST_DAY, LAST_DAY = date(1850, 1, 1), date(2200, 1, 1)
# By the field's name, in every model.
BY_NAME: dict[str, Range] = {
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "odometer": (0, None),
    "serial": (0, 999_999),  # of one year; who took the highest there is would leave none to the next
}
# One field.
BY_FIELD: dict[str, Range] = {
    "audit.ChainCheck.seconds": (0, None),
    "audit.ChainCheck.entries": (0, None),
    "cases.StoredFile.size": (1, None),
    "leads.GalleryFace.score": (0, 1),
    "leads.SearchRequest.threshold": (0, 100),
    "leads.Candidate.cosine": (-1.01, 1.01),  # half-precision vectors: a product a little over 1 is 1
    "leads.Candidate.match_score": (0, 100),
    "leads.Candidate.score_high": (0, 100),
    "leads.Candidate.rank": (1, None),
    "parking.Read.confidence": (0, 1),
    "parking.Read.accuracy_m": (0, None),
    "parking.Read.heading": (0, 360),
    "parking.Read.speed_mps": (0, None),
    "parking.Read.zone_probability": (0, 1),
    "parking.Read.sigma_m": (0, None),
    "parking.Read.x": (-180, 180),
    "parking.Read.y": (-90, 90),
    "parking.Zone.no_return_distance_m": (0, None),
    "parking.Alert.minutes_over": (0, None),
    "parking.Alert.limit_minutes": (0, None),
    "parking.AbandonedLook.miles": (0, None),
}


def range_of(model: type[models.Model], field: models.Field) -> Range | None:
    """The two ends, None for an open one; None for a field that is no measure."""
    known = BY_FIELD.get(f"{model._meta.label}.{field.name}", BY_NAME.get(field.name))
    if known is None and isinstance(field, models.FloatField | models.DecimalField):
        return (None, None)
    return known
