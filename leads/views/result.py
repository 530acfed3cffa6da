"""What a search's page says: headline, rows, steps and what the score means, in words and numbers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone

from ecpd.web.words import clock, day_in, how_many, moment
from ecpd.web.words import score as score_words
from leads.models import Candidate, SearchRequest
from leads.recognition.card import ModelCard as Card
from leads.selectors.findings import findings_before
from leads.selectors.named import name_words
from leads.selectors.search import not_listed

STEP_WORDS = {
    "queued": "Queued",
    "detecting": "Finding the face",
    "embedding": "Measuring the face",
    "searching": "Comparing with every face",
    "done": "Candidates ready",
}
FILLER = "Made-up template, no photograph"
ENDED = {"failed": "Did not finish", "cancelled": "Canceled", "refused": "Refused by policy"}
ENDED_HEADLINES = {"failed": "The search did not finish", "cancelled": "The search was canceled",
                   "refused": "The search was refused"}  # fmt: skip


def headline(search: SearchRequest, listed: int) -> str:
    """The page's title: the result, or where it stands."""
    if search.state == SearchRequest.State.DONE:
        words = f"{how_many(listed)} candidate{'' if listed == 1 else 's'}"
        if not search.above_bar:
            return f"Nobody above the bar. {words}" if listed else "Nobody to compare with"
        return f"{words}, {how_many(search.above_bar).lower()} high enough to examine{_more(search)}"
    return ENDED_HEADLINES.get(search.state, "The search is running")


def _more(search: SearchRequest) -> str:
    return f".{said}" if (said := not_listed(search)) else ""


def steps(search: SearchRequest) -> list[dict[str, str]]:
    """The stages with their times, for the live chain."""
    reached = [stage for stage in SearchRequest.STAGES if stage in search.stage_times]
    now = reached[-1] if reached else "queued"
    found = [_step(search, stage, now) for stage in SearchRequest.STAGES]
    if search.state in ENDED:
        end = {"state": "blocked", "title": ENDED[search.state], "text": search.error}
        return [step for step in found if step["state"] != "todo"] + [end]
    return found


def _step(search: SearchRequest, stage: str, now: str) -> dict[str, str]:
    at = search.stage_times.get(stage)
    if at is None:
        return {"state": "todo", "title": STEP_WORDS[stage]}
    current = stage == now and not search.is_over
    detail = "Usually under 2 seconds" if current and stage == "searching" else clock(datetime.fromisoformat(at))
    return {"state": "current" if current else "done", "title": STEP_WORDS[stage], "detail": detail}


def dark_headline(listed: int) -> str:
    """The title of a list whose faces are to be compared before anything of it is shown."""
    return f"{how_many(listed)} face{'' if listed == 1 else 's'} to compare"


def places(search: SearchRequest, listed: list[Candidate]) -> list[dict[str, Any]]:
    """The faces of a list by the places of one person's order, and whether a first examiner has compared them."""
    return [
        {
            "place": place,
            "url": reverse("leads:examine-first", args=[search.number, place]),
            "done": any(one.position == 1 for one in candidate.examinations.all()),
        }
        for place, candidate in enumerate(listed, start=1)
    ]


def following(faces: list[dict[str, Any]]) -> str:
    """Where the next face is compared that nobody has compared, "" when there is none."""
    return next((one["url"] for one in faces if not one["done"]), "")


def progress(search: SearchRequest) -> dict[str, Any]:
    """What the live panel shows."""
    position = SearchRequest.STAGES.index(search.state) + 1 if search.state in SearchRequest.STAGES else 0
    return {
        "progress_title": f"Search {search.number} is running" if not search.is_over else "How far it came",
        "steps": steps(search),
        "step_words": f"Step {position} of {len(SearchRequest.STAGES)}" if not search.is_over else "",
        "running": not search.is_over,
        "progress_url": reverse("leads:search-progress", args=[search.number]),
    }


def rows(search: SearchRequest, candidates: list[Candidate], user) -> list[dict[str, Any]]:
    """The candidates as the list shows them."""
    known = findings_before(search, candidates, user)
    return [_row(search, candidate, known.get(candidate.pk, [])) for candidate in candidates]


def _row(search: SearchRequest, candidate: Candidate, known: list[str]) -> dict[str, Any]:
    candidate.search = search
    bar = search.threshold or Decimal(100)
    reaches = candidate.match_score >= bar
    kept = candidate.snapshot
    place = [search.number, candidate.rank]
    synthetic = bool(kept.get("synthetic"))
    caption = (kept.get("caption") or "").partition(":")[0] if synthetic else kept.get("caption")
    return {
        "rank": candidate.rank,
        "image": reverse("leads:candidate-face", args=place),
        "source": ", ".join(part for part in (kept.get("source"), caption) if part),
        "captured": FILLER if synthetic else captured_words(kept.get("captured_on"), search.requested_at),
        "name": "Nobody's face" if synthetic else name_words(candidate),
        "score": candidate.match_score,
        "url": candidate.get_absolute_url(),
        "primary": reaches,
        "badge_kind": "info" if reaches else "wait",
        "badge": "Can be examined" if reaches else f"Under {bar:g}",
        "note": " ".join(known),
    }


def captured_words(day: str | None, asked: datetime) -> str:
    """When the photo was taken, and how long that was before the search."""
    if not day:
        return "Date of capture not known"
    taken = date.fromisoformat(day)
    apart = relativedelta(timezone.localtime(asked).date(), taken)
    months = apart.years * 12 + apart.months
    if months >= 24:
        ago = f", {months // 12} years before"
    elif months >= 1:
        ago = f", {months} month{'s' if months > 1 else ''} before"
    else:
        ago = ""
    return f"Captured {taken:%b} {taken.year}{ago}"


def probe_rows(search: SearchRequest) -> list[tuple[str, str]]:
    """The probe's facts."""
    shown = {measure["name"]: measure for measure in search.quality.get("measures", [])}
    words = {"enough": "Enough", "just_enough": "Just enough", "not_enough": "Not enough"}
    listed = [("Item", f"{search.probe.label}, face {search.face['letter']}")]
    if "eye_distance" in shown:
        listed.append(("Eyes", f"{shown['eye_distance']['shown']} apart"))
    if "exposure" in shown:
        listed.append(("Light", words[shown["exposure"]["verdict"]]))
    edits = (
        f"Copy of {search.probe.derived_from.label}: {search.probe.derivation}" if search.probe.derived_from else "None"
    )
    return [*listed, ("Edits", edits)]


def request_rows(search: SearchRequest) -> list[tuple[str, str]]:
    """Who asked, for what."""
    return [
        ("By", search.requested_by.display_name),
        ("At", moment(search.requested_at)),
        ("Purpose", search.get_purpose_display()),
        ("Offense", search.offense.name if search.offense else "None named"),
    ]


def ran_rows(search: SearchRequest) -> list[tuple[str, str]]:
    """How it ran; empty before there is a result."""
    if search.state != SearchRequest.State.DONE:
        return []
    sources = len(search.sources)
    return [
        ("Gallery", f"{search.gallery_size:,} faces, {sources} public source{'' if sources == 1 else 's'}"),
        ("Method", "Exact: every face compared"),
        ("Model", search.model_id),
        ("Took", f"{search.timings.get('total', 0) / 1000:.2f} s"),
    ]


def meaning(search: SearchRequest, candidates: list[Candidate]) -> dict[str, Any] | None:
    """What a score means at this gallery size, from the card the search was scored with."""
    if search.model_card is None or not search.gallery_size or search.threshold is None:
        return None
    card = Card.from_json(search.model_card.content)
    expected = card.expectation(search.gallery_size, bar=float(search.threshold))
    best = candidates[0] if candidates else None
    bars = _bars(expected.histogram, best)
    return {
        "people": f"{search.gallery_size:,}",
        "false_alarms": expected.false_alarms,
        "missed": expected.missed,
        "bars": bars,
        "height": len(bars) * 27 + 10,
        "chart_words": "Of 1,000 searches for people not in the gallery: "
        + ", ".join(f"{bar['label']} had a best score of {bar['word']}" for bar in bars)
        + ".",
        "standout": _standout(best),
        "basis": _basis(card, search.gallery_size),
    }


def _standout(best: Candidate | None) -> str:
    if best is None or best.standout is None:
        return ""
    return f"Candidate 1 stands {best.standout:.1f} standard deviations above the rest of this search's own list."


def _basis(card: Card, people: int) -> str:
    words = f"Measured on {card.data}, {card.people} people, on {day_in(card.fitted_on)}."
    if people > card.supported_people:
        words += (
            f" That data supports galleries up to {card.supported_people:,} people; beyond, the figures are"
            " extrapolated and the stricter end is shown."
        )
    return words


def _bars(histogram: list[tuple[str, int]], best: Candidate | None) -> list[dict[str, Any]]:
    most = max((count for _, count in histogram), default=1) or 1
    found = []
    for index, (word, count) in enumerate(histogram):
        y, width = 8 + 27 * index, max(3.0, count / most * 240)
        here = best is not None and _falls_in(word, float(best.match_score))
        label = f"{count}, where candidate 1 ({score_words(best.match_score)}) falls" if here and best else f"{count}"
        found.append(
            {
                "word": word.replace("-", "–"),
                "y": y,
                "text_y": y + 12,
                "width": f"{width:.1f}",
                "end": f"{96 + width:.1f}",
                "label": label,
                "color": "#a23737" if index == len(histogram) - 1 else "#8d9aa7",
            }
        )
    return found


def _falls_in(word: str, score: float) -> bool:
    """Whether a score belongs to the bar of this word: "20-40", "95 or more"."""
    if "more" in word:
        return score >= float(word.split()[0])
    low, high = (float(part) for part in word.split("-"))
    return low <= score < high
