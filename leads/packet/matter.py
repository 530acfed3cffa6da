"""The part of a packet that says how cases came to be one matter: numbers, links, and what was taken back of them (FR-14)."""

from collections.abc import Iterable

from cases.models import Case, CaseLink, IncidentNumber
from leads.packet.section import Section, at
from leads.selectors.history import or_sealed, sealed_among
from leads.selectors.matter import links_of_the_matter, numbers_of_the_matter

TIES = "Which cases are one matter, and why"


def how_it_came_together(case: Case, matter: list[Case]) -> Section:
    """Each number and link, who entered it and when, what it ties, and who took it back. Of a sealed case only that it is one."""
    named = [one.case_number for one in matter if one.pk == case.pk or not one.sealed]
    alone = "No other case is one matter with it." if len(matter) == 1 else f"One matter: {', '.join(named)}."
    numbers = numbers_of_the_matter(matter)
    return Section(
        TIES,
        [
            f"The case is {case.case_number}. {alone} Cases of one dispatch or records number, cases that somebody linked, and "
            "cases that searched for one picture are one matter. What was taken back still ties: what was known stays. Only a "
            "case that held nothing then is set apart by it.",
            *sealed_among(matter, case.pk),
        ],
        ["What", "Ties", "Entered", "Where it stands"],
        [
            *(_number(one, numbers, case) for one in numbers if _is_told(one.case, case)),
            *(_link(one, case) for one in links_of_the_matter(matter)),
        ],
    )


def _is_told(of: Case, here: Case) -> bool:
    return of.pk == here.pk or not of.sealed


def _named(of: Case, here: Case) -> str:
    return of.case_number if _is_told(of, here) else "a sealed case"


def _number(one: IncidentNumber, numbers: Iterable[IncidentNumber], here: Case) -> list[str]:
    same = {
        _named(other.case, here): None
        for other in numbers
        if other.case_id != one.case_id and _ties(other) and _plain(other) == _plain(one)
    }
    tied = ", ".join(same) if _ties(one) else ""
    return [f"{one}, of case {one.case.case_number}", tied or "No other case", _entered(one), _stands(one)]


def _ties(one: IncidentNumber | CaseLink) -> bool:
    return bool(getattr(one, "ties", one.withdrawn_at is None))


def _plain(one: IncidentNumber) -> str:
    return one.number.replace("-", "")


def _link(one: CaseLink, here: Case) -> list[str]:
    """The words of a link are of the case that it was entered in; of a sealed one they are not told elsewhere."""
    tied = f"{_named(one.case, here)} and {_named(one.other, here)}"
    if not _is_told(one.case, here):
        return [or_sealed(one.case, here.pk, ""), tied, "Not told here", _briefly(one)]
    return [f"A link: {one.why}", tied, _entered(one), _stands(one)]


def _briefly(one: CaseLink) -> str:
    if one.withdrawn_at is None:
        return "In use"
    return "Taken back; it still ties" if _ties(one) else "Taken back"


def _entered(one: IncidentNumber | CaseLink) -> str:
    return f"{one.entered_by.display_name}, {at(one.entered_at)}"


def _stands(one: IncidentNumber | CaseLink) -> str:
    if one.withdrawn_at is None or one.withdrawn_by is None:
        return "In use"
    still = "; what was known stays, and it still ties" if _ties(one) else ""
    return f"Taken back by {one.withdrawn_by.display_name}, {at(one.withdrawn_at)}{still}: {one.withdrawn_reason}"
