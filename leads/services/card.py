"""Keeping model cards."""

from leads.models import ModelCard
from leads.recognition import card as cards


def keep_card(card: cards.ModelCard, *, created_by=None) -> ModelCard:
    """Keep a card (idempotent by content); the newest of a model is in use."""
    kept, _ = ModelCard.objects.get_or_create(
        sha256=card.sha256, defaults={"model_id": card.model_id, "content": card.as_json(), "created_by": created_by}
    )
    return kept


def seed() -> None:
    """Keep the cards that come with the software, unless the agency has one of its own for the model (idempotent)."""
    for card in cards.shipped():
        if not ModelCard.objects.filter(model_id=card.model_id).exists():
            keep_card(card)


def read(kept: ModelCard) -> cards.ModelCard:
    """A kept card with its functions."""
    return cards.ModelCard.from_json(kept.content)
