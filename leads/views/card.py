"""A model card as a page: what was measured, on what, when, and what it does not tell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from ecpd.policy import engine as policy
from ecpd.web.words import day_in
from leads.models import ModelCard
from leads.recognition.card import ModelCard as Card
from leads.selectors.card import card_in_force
from leads.views.lookup import allowed_role

SIZES = (200, 1_000, 10_000, 100_000, 1_000_000)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The card of this number; the one in force of the same model is named."""
    allowed_role(request, "search.view")
    kept = get_object_or_404(ModelCard.objects.select_related("created_by"), pk=pk)
    card = Card.from_json(kept.content)
    bar = float(policy.parameter("match_score_min"))
    shown = {
        "kept": kept,
        "card": card,
        "bar": f"{bar:g}",
        "in_force": card_in_force(kept.model_id),
        "facts": _facts(card),
        "ranks": [(f"Right person among the first {rank}", _percent(rate)) for rank, rate in _rates(card, "rank")],
        "verification": [
            (f"1 in {round(1 / float(far)):,}", _percent(row["rate"]), f"{row['cosine']:.3f}")
            for far, row in card.measured.get("tar_at_far", {}).items()
        ],
        "identification": [
            (_percent(float(fpir)), _percent(rate)) for fpir, rate in card.measured.get("fnir_at_fpir", {}).items()
        ],
        "alarms": [
            (f"{people:,}", _percent(allowed), _percent(seen))
            for people, allowed, seen in card.measured.get("false_alarms", [])
        ],
        "sizes": [_at(card, people, bar) for people in SIZES],
    }
    return render(request, "leads/gallery/card.html", shown)


def _rates(card: Card, name: str) -> list[tuple[str, float]]:
    return list(card.measured.get(name, {}).items())


def _facts(card: Card) -> list[tuple[str, str]]:
    return [
        ("Model", card.model_id),
        ("Maker", card.maker),
        ("Finds faces with", card.detector),
        ("Measured on", card.data),
        ("People", f"{card.people:,}, {card.images:,} photos"),
        ("On", day_in(card.fitted_on)),
        ("Left out as mislabeled", f"{card.trimmed:,} pairs"),
        ("Supports galleries up to", f"{card.supported_people:,} people"),
    ]


def _at(card: Card, people: int, bar: float) -> dict[str, str]:
    expected = card.expectation(people, bar=bar)
    cosines = sorted(fit.cosine_at(bar, people) for fit in card.fits)
    return {
        "people": f"{people:,}",
        "cosine": f"{cosines[0]:.3f} to {cosines[-1]:.3f}",
        "false_alarms": str(expected.false_alarms),
        "missed": str(expected.missed),
        "basis": "Measured" if people <= card.supported_people else "Extrapolated",
    }


def _percent(rate: float) -> str:
    return f"{100 * float(rate):.1f} %"
