"""Reads of model cards: which one stands behind a score."""

from ecpd.policy import engine as policy
from leads.models import ModelCard


def card_in_force(model_id: str) -> ModelCard | None:
    """The card that the manual names (FR-07), or while it names none the first that was kept, if it is of this model.

    None when it is of another, or there is none: without one nothing has a match score. A card that is kept later changes
    nothing, and another model wants an amendment.
    """
    named = str(policy.parameter("model_card")).strip()
    kept = ModelCard.objects.order_by("id")
    card = (kept.filter(sha256=named) if named else kept).first()
    return card if card is not None and card.model_id == model_id else None


def cards_in_force() -> list[ModelCard]:
    """The card in force of each model that has one."""
    models = ModelCard.objects.order_by("model_id").values_list("model_id", flat=True).distinct()
    return [card for card in map(card_in_force, models) if card is not None]
