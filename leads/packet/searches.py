"""The packet's parts on every search of the matter: what was asked, with what picture, what came of it (FR-07, FR-14)."""

from collections.abc import Sequence

from ecpd.web.words import day_in
from leads.models import Candidate, SearchRequest
from leads.packet.section import Section, at
from leads.selectors.named import faces_on
from leads.selectors.search import not_listed
from leads.selectors.tries import tries

SEARCHES = "Every search of this matter"
QUALITY = "The quality of the picture in every search"
CANDIDATES_OF = "All candidates of "


def every_search(searches: Sequence[SearchRequest], sealed: list[str]) -> Section:
    """One row a search, the tries for one unknown person counted."""
    counted = tries(searches)
    return Section(
        SEARCHES,
        [
            "Searches that found nobody, found others, failed, were refused or canceled are listed as well, and those of "
            "other cases that searched for the same picture. A try is a search for the face of one picture, a copy or an edit "
            "of it: each further try is another chance of a false alarm.",
            *sealed,
        ],
        ["Search", "Requested", "By", "Probe", "Purpose, offense and facts", "Try", "Result"],
        [
            [f"{s.number}, case {s.case.case_number}", at(s.requested_at), s.requested_by.display_name,
             f"{s.probe.label}, face {s.face['letter']}", _purpose(s), "{} of {}".format(*counted[s.pk]),
             _result(s)]
            for s in searches
        ],
    )  # fmt: skip


def _purpose(search: SearchRequest) -> str:
    poor = "" if search.quality_passed else f" Under the quality gate: {search.justification}"
    return f"{search.get_purpose_display()}. Offense: {search.offense or 'none named'}. {search.facts}{poor}"


def _result(search: SearchRequest) -> str:
    if search.state != SearchRequest.State.DONE:
        return f"{search.get_state_display()}. {search.error}".strip()
    listed = len(search.candidates.all())
    candidates = "1 candidate" if listed == 1 else f"{listed} candidates"
    return (
        f"{candidates}, {search.above_bar} at {search.threshold:g} or more, among {faces(search.gallery_size)}, finished "
        f"{at(search.finished_at)}.{not_listed(search)}"
    )


def quality_of_each(searches: Sequence[SearchRequest]) -> Section:
    """What the quality gate measured of each search's face, and the justification of one that it did not let through."""
    return Section(
        QUALITY,
        [],
        ["Search", "Measured, and needed", "Result"],
        [[s.number, _measured(s), "Passed the gate" if s.quality_passed else f"Did not pass. Justification: {s.justification}"]
         for s in searches],
    )  # fmt: skip


def _measured(search: SearchRequest) -> str:
    each = search.quality.get("measures", [])
    return "; ".join(_one(m) for m in each) or "Nothing was measured"


def _one(measure: dict) -> str:
    needed = f" (needed {measure['needed']})" if measure["needed"] else ""
    return f"{measure['words']} {measure['shown']}{needed}, {measure['verdict'].replace('_', ' ')}"


def candidates_of(search: SearchRequest) -> Section:
    """The whole list: rank, both ends of the score, similarity, and where each photo comes from."""
    found = search.candidates.all()
    bar = "" if search.threshold is None else f" The bar at this search was {search.threshold:g}."
    return Section(
        f"{CANDIDATES_OF}{search.number}",
        [f"The score is the stricter end of the fits; the milder end stands beside it.{bar}"] if found else ["None."],
        ["Rank", "Score", "Cosine", "Source and page", "Page text, not verified", "Captured", "Photo SHA-256"],
        [
            [str(c.rank), f"{score(c.match_score)} to {score(c.score_high)}", f"{c.cosine:.4f}", _page(c.snapshot),
             _text(c), day_in(c.snapshot["captured_on"]) or "not known", c.snapshot["sha256"]]
            for c in found
        ],
    )  # fmt: skip


def _page(snapshot: dict) -> str:
    return f"{snapshot['source']}. {snapshot['source_url'] or 'No page address was kept'}"


def _text(candidate: Candidate) -> str:
    name, caption = candidate.snapshot["published_name"] or "no name", candidate.snapshot["caption"]
    if candidate.snapshot["published_name"] and (several := faces_on(candidate)) > 1:
        name = f"{name} (the photo shows {several} people and does not say which)"
    return f"{name}. {caption}" if caption else name


def faces(size: int) -> str:
    """How many faces a gallery held, in words."""
    return "1 face" if size == 1 else f"{size:,} faces"


def score(value) -> str:
    """A match score as every page shows it: cut, never rounded up."""
    return f"{int(value * 10) / 10:.1f}"
