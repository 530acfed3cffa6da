"""The packet's part on measured error rates: how often of how many, with what that many can show (FR-14)."""

from leads.packet.section import Section
from leads.recognition.card import ModelCard
from leads.recognition.wilson import wilson

RATES = "Measured error rates"


def error_rates(card: ModelCard) -> Section:
    """Each rate of the card as a count with Wilson's 95% interval; what its data are too few to show is left out and named."""
    tried = card.people
    pairs = tried * (tried - 1)
    rows, left_out = [], []
    for first, rate in card.measured.get("rank", {}).items():
        among = "first" if first == "1" else f"among the first {first}"
        rows.append(_row(f"The right person {among}", rate, tried))
    for far, row in card.measured.get("tar_at_far", {}).items():
        words = f"1 in {round(1 / float(far)):,} pairs"
        if float(far) * pairs < 1:
            left_out.append(words)
            continue
        what = f"The same person recognized at cosine {row['cosine']:.3f}, where {words} of two people is taken for one"
        rows.append(_row(what, row["rate"], tried))
    for fpir, missed in card.measured.get("fnir_at_fpir", {}).items():
        words = f"{_percent(float(fpir))} of searches for somebody who is not"
        if float(fpir) * tried < 1:
            left_out.append(words)
            continue
        rows.append(
            _row(f"A person who is in the gallery missed (FNIR), where {words} show somebody (FPIR)", missed, tried)
        )
    for size, predicted, seen in card.measured.get("false_alarms", []):
        what = f"False alarms seen at a score of 95 in a gallery of {size:,} people, where {_percent(predicted)} were predicted"
        rows.append(_row(what, seen, size + 1))
    return Section(
        RATES,
        [
            f"Measured on {card.data}: one photo of each of {tried:,} people searched for among the others’. The interval is "
            "Wilson’s at 95%: what this many tries can show. Pictures of another kind, other people and a larger gallery do "
            "otherwise.",
            *([f"Not given, because {tried:,} people and {pairs:,} pairs are too few to show it: the rate at "
               f"{', '.join(left_out)}."] if left_out else []),
        ],
        ["Measured", "Seen", "Rate", "95% interval"],
        rows,
    )  # fmt: skip


def _row(words: str, rate: float, tries: int) -> list[str]:
    hits = round(rate * tries)
    low, high = wilson(hits, tries)
    return [words, f"{hits:,} of {tries:,}", _percent(hits / tries), f"{_percent(low)} to {_percent(high)}"]


def _percent(rate: float) -> str:
    return f"{rate:.1%}"
