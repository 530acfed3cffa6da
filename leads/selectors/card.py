"""Reads of model cards: which one stands behind a score, and what was measured for it."""

from ecpd.policy import engine as policy
from ecpd.web.words import day_in
from leads.models import ModelCard
from leads.packet.rates import error_rates
from leads.recognition import card as cards


def card_in_force(model_id: str) -> ModelCard | None:
    """The card that the manual names (FR-07), or while it names none the first that was kept, if it is of this model.

    None when it is of another, or there is none: without one nothing has a match score. A card that is kept later changes
    nothing, and another model wants an amendment.
    """
    card = _named(str(policy.parameter("model_card")).strip())
    return card if card is not None and card.model_id == model_id else None


def cards_in_force() -> list[ModelCard]:
    """The card in force of each model that has one."""
    models = ModelCard.objects.order_by("model_id").values_list("model_id", flat=True).distinct()
    return [card for card in map(card_in_force, models) if card is not None]


def facts_of(named: str) -> list[tuple[str, str]]:
    """What an amendment puts in force that names this SHA-256, or while it names none the first card that was kept (FR-07).

    Its hash, what it was fitted on, and its rates on people kept aside, as the packet gives them: counts with intervals,
    nothing that its data are too few to show. Empty where there is no such card.
    """
    found = _named(named)
    if found is None:
        return []
    card = cards.ModelCard.from_json(found.content)
    return [
        ("Card", f"Card {found.pk}{'' if named else ', the first that was kept'}"),
        ("SHA-256", found.sha256),
        ("Model", f"{card.model_id}, {card.maker}; finds faces with {card.detector}"),
        ("Fitted on", f"{card.people:,} people, {card.images:,} photos, {day_in(card.fitted_on)}: {card.data}"),
        ("Supports galleries up to", f"{card.supported_people:,} people"),
        *((row[0], f"{row[1]}, {row[2]}; 95% interval {row[3]}") for row in error_rates(card).rows),
    ]


def _named(sha256: str) -> ModelCard | None:
    """The card with this SHA-256; of "" the first that was kept."""
    kept = ModelCard.objects.order_by("id")
    return (kept.filter(sha256=sha256) if sha256 else kept).first()
