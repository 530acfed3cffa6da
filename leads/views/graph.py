"""What came from what: a lead's evidence as a drawing, positions only; the template draws it as SVG."""

from typing import Any

from leads.models import Lead
from leads.selectors.standing import FACE, OF_SEARCH, standings_of

BOX_WIDTH, BOX_HEIGHT, GAP = 128, 44, 18


def graph_of(lead: Lead, against: list[dict]) -> dict[str, Any]:
    """Boxes and arrows: inside the dashed frame what the search used and brought; below, what stands by itself."""
    search = lead.candidate.search
    inside = []
    if search.probe.derived_from:
        inside.append((search.probe.derived_from.label, "Recording"))
    inside += [(search.probe.label, f"Still, face {search.face['letter']}"), (search.number, "Face search")]
    items = [item for item in lead.corroborations.all() if item.withdrawn_at is None]
    standings = standings_of(lead)
    resting = {item.pk for item in items if standings[item.pk].standing in (FACE, OF_SEARCH)}
    inside += [(i.evidence.label, f"{i.get_kind_display()}, from it") for i in items if i.pk in resting]
    toward = [(i.evidence.label, i.get_kind_display()) for i in items if i.pk not in resting]
    away = [_away(n, row) for n, row in enumerate(against, start=1)]
    frame = [_box(word, text, 24 + n * (BOX_WIDTH + GAP), 40) for n, (word, text) in enumerate(inside)]
    rows = [_box(word, text, 24, 140 + n * (BOX_HEIGHT + 12), "toward") for n, (word, text) in enumerate(toward)]
    start = 140 + len(toward) * (BOX_HEIGHT + 12)
    rows += [_box(word, text, 24, start + n * (BOX_HEIGHT + 12), "away") for n, (word, text) in enumerate(away)]
    width = max(720, 24 + len(frame) * (BOX_WIDTH + GAP) + BOX_WIDTH + 60)
    height = max(220, start + len(away) * (BOX_HEIGHT + 12) + 12)
    target = _box(lead.number, "Lead", width - BOX_WIDTH - 16, 130, "lead")
    return {
        "frame": frame, "rows": rows, "target": target, "width": width, "height": height,
        "frame_width": len(frame) * (BOX_WIDTH + GAP) + 12,
        "arrows": [_arrow(frame[len(inside) - 1 if len(frame) < 3 else _index(frame, search.number)], target, "from")]
        + [_arrow(box, target, box["kind"]) for box in rows],
        "words": _words(len(frame), len(toward), len(away)),
    }  # fmt: skip


def _away(number: int, row: dict) -> tuple[str, str]:
    """What a row of the register says in its box."""
    if "kept" in row:
        return f"No. {number}", "Kept from you"
    exhibit = row["entry"].evidence
    return exhibit.label if exhibit else f"No. {number}", row["entry"].get_kind_display()


def _words(inside: int, toward: int, away: int) -> str:
    points = "point" if toward != 1 else "points"
    return (
        f"{inside} box{'es' if inside != 1 else ''} inside the face search; {toward or 'no'} independent"
        f" item{'s' if toward != 1 else ''} {points} toward this person, {away or 'none'} away."
    )


def _index(boxes: list[dict], word: str) -> int:
    return next(n for n, box in enumerate(boxes) if box["word"] == word)


def _box(word: str, text: str, x: int, y: int, kind: str = "search") -> dict[str, Any]:
    return {"word": word, "text": text if len(text) <= 20 else text[:19] + "…", "x": x, "y": y, "kind": kind,
            "width": BOX_WIDTH, "height": BOX_HEIGHT, "text_x": x + 10, "word_y": y + 18, "text_y": y + 35}  # fmt: skip


def _arrow(box: dict, target: dict, kind: str) -> dict[str, Any]:
    x1, y1 = box["x"] + (BOX_WIDTH if kind != "from" else BOX_WIDTH // 2), box["y"] + BOX_HEIGHT // 2
    if kind == "from":
        y1 = box["y"] + BOX_HEIGHT
    x2, y2 = target["x"], target["y"] + BOX_HEIGHT // 2
    return {
        "kind": kind,
        "path": f"M{x1} {y1} C {x1 + 60} {y1 + (20 if kind == 'from' else 0)}, {x2 - 80} {y2}, {x2 - 6} {y2}",
    }
