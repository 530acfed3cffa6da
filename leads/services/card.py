"""Keeping model cards."""

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from leads.models import ModelCard
from leads.recognition import card as cards


def keep_card(*, card: cards.ModelCard, actor: User) -> ModelCard:
    """Keep a card that was calibrated here, through the door (FR-07). It counts once an amendment names its SHA-256.

    Raises PolicyDenied for who is no administrator.
    """
    with policy.door(actor, "card.keep", sha256=card.sha256):
        return _keep(card, created_by=actor)


def why_not_named(sha256: str) -> str:
    """Why an amendment cannot put the card with this SHA-256 in force, or ""; "" names none, which the manual allows."""
    if not sha256 or ModelCard.objects.filter(sha256=sha256).exists():
        return ""
    return "No model card with this SHA-256 was kept. Copy it from the card's page, or keep the card first."


def _keep(card: cards.ModelCard, *, created_by: User | None = None) -> ModelCard:
    kept, _ = ModelCard.objects.get_or_create(
        sha256=card.sha256, defaults={"model_id": card.model_id, "content": card.as_json(), "created_by": created_by}
    )
    return kept


def seed() -> None:
    """Keep the cards that come with the software, unless the agency has one of its own for the model (idempotent)."""
    for card in cards.shipped():
        if not ModelCard.objects.filter(model_id=card.model_id).exists():
            _keep(card)


def read(kept: ModelCard) -> cards.ModelCard:
    """A kept card with its functions."""
    return cards.ModelCard.from_json(kept.content)
