"""Reads of model cards: which one stands behind a score."""

from ecpd.policy import engine as policy
from leads.models import ModelCard


def card_in_force(model_id: str) -> ModelCard | None:
    """The card of a model that the manual names (FR-07); while it names none, the first that was kept of the model.

    None when there is no card: without one nothing has a match score. A card that is kept later changes nothing.
    """
    named = str(policy.parameter("model_card")).strip()
    kept = ModelCard.objects.filter(model_id=model_id).order_by("id")
    return (kept.filter(sha256=named) if named else kept).first()


def cards_in_force() -> list[ModelCard]:
    """The card in force of each model that has one."""
    models = ModelCard.objects.order_by("model_id").values_list("model_id", flat=True).distinct()
    return [card for card in map(card_in_force, models) if card is not None]
