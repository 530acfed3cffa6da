"""The part of a packet that says how second examiners were drawn, who was replaced and why (FR-08, FR-14)."""

from leads.models import ExaminationRequest, SearchRequest
from leads.models.examination import ANSWERS, COMPONENTS
from leads.packet.section import Section, at

LOTS = "How the second examiners were drawn"
TEXTS = {"conclusion": "Conclusion", "basis": "Based on", "does_not_fit": "What does not fit"}


def how_they_were_drawn(searches: list[SearchRequest]) -> Section:
    """Each one who was drawn or asked, out of how many, and what became of it; drafts of the replaced as they stood."""
    rows = [
        [f"{candidate.rank} of {search.number}", f"{asked.examiner.display_name}, {at(asked.asked_at)}", _lot(asked), _end(asked)]
        for search in searches
        for candidate in search.candidates.all()
        for asked in candidate.examination_requests.all()
    ]  # fmt: skip
    return Section(
        LOTS,
        ["Each candidate at or above the bar goes to a second examiner, whatever the first concluded. The system draws him or "
         "her by lot among the certified people who know nothing of the matter; nobody chooses."]
        + ([] if rows else ["Nobody was drawn."]),
        ["Candidate", "Second examiner", "Drawn", "What became of it"],
        rows,
    )  # fmt: skip


def _lot(asked: ExaminationRequest) -> str:
    if asked.lot_size is None:
        return f"Chosen by {asked.asked_by.display_name}, before there were lots"
    return f"By lot, out of {asked.lot_size}"


def _end(asked: ExaminationRequest) -> str:
    if asked.state != ExaminationRequest.State.WITHDRAWN:
        return "Answered" if asked.state == ExaminationRequest.State.DONE else "Waits"
    why = asked.get_replaced_because_display() or "Another was asked"
    return f"Replaced: {why.lower()}. {_draft(asked.draft or {})}"


def _draft(filled_in: dict[str, str]) -> str:
    """What was filled in until then, in words."""
    said = [f"{TEXTS[key]}: {filled_in[key]}" for key in TEXTS if filled_in.get(key)]
    answers = [
        f"{words}: {ANSWERS.get(filled_in[f'c_{key}'], filled_in[f'c_{key}']).lower()} {filled_in.get(f'n_{key}', '')}".strip()
        for key, words in COMPONENTS.items()
        if filled_in.get(f"c_{key}")
    ]
    return f"Filled in until then: {'; '.join([*said, *answers])}" if said or answers else "Nothing was filled in."
