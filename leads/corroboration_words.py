"""How an item linked to a lead stands, in words; page, API and packet say the same."""

from typing import Any

from ecpd.web.words import day_in
from leads.models import Corroboration
from leads.selectors.standing import Standing, disagree, is_open

STANDS = {
    "counts": "Yes",
    "lineup": "Beside another item",
    "waits": "Not yet",
    "face": "Never: it rests on the face",
    "rejected": "Never: it was rejected",
    "withdrawn": "No: it was withdrawn",
    "search": "Never: it is of the search",
    "not compared": "Not yet: it has not been compared with the probe",
    "again": "Once: the same exhibit, report or witness counts already",
    "not picked": "No: the witness did not pick this person",
    "no reference": "No: the exhibit has neither a file nor its custodian’s number, or its link does not say what it is",
    "another kind": "No: the exhibit is of another kind than it is linked as",
    "no process": "No: cell-phone data without their legal process",
}
CLOSED = "Answered when it was linked; kept closed until a colleague has verified it."


def because_in_words(item: Corroboration, stands: Standing, reader: Any = None) -> str:
    """Whether it was obtained because of the result: both days side by side, and who answered what."""
    return f"{'Yes' if stands.because else 'No'}. {days_in_words(stands)} {_said(item, 'because_of', reader)}".strip()


def rests_in_words(item: Corroboration, stands: Standing, reader: Any = None) -> str:
    """Whether it rests on the face: who answered what, and why; where they differ, that the stricter answer holds."""
    said = _said(item, "rests_on_face", reader)
    why = f" {item.independence}" if is_open(item, reader) else ""
    yes = "Yes. " if stands.standing == "face" else ""
    differ = " The two answers differ; the stricter one holds." if disagree(item) else ""
    return f"{yes}{said}{why}{differ}"


def days_in_words(stands: Standing) -> str:
    """The item's day and the result's, side by side."""
    found = f"The first result with this face: {day_in(stands.result)}." if stands.result else "No result is on record."
    return f"The item: {day_in(stands.secured)}. {found}"


def _said(item: Corroboration, question: str, reader: Any) -> str:
    if not is_open(item, reader):
        return CLOSED
    checked = getattr(item, "verification", None)
    if not getattr(item, question):  # from before both were asked
        return f"Asked before there were two questions: {item.get_comes_from_lead_display()}."
    linked = f"Linked as: {getattr(item, f'get_{question}_display')().lower()}."
    if checked is None:
        return linked
    answer = getattr(checked, f"get_{question}_display")().lower() or "not asked then"
    return f"{linked} Verifier: {answer}."
