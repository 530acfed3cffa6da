"""PK-03 for citations: what the one engine says of rights and rules at a place and time."""

from dataclasses import dataclass

from parking.citations.sections import number_of
from parking.models import Citation, Violation
from parking.overtime.allowed import Answer
from parking.selectors.allowed import right_and_answer, right_here


@dataclass(frozen=True)
class Permission:
    """Whether a permit, an exemption or the hour lets the vehicle stand there; None: not certain. And why, in words."""

    allowed: bool | None
    words: str


def permission_for(citation: Citation) -> Permission:
    """Asked at the moment of issue, for the time the officer wrote down.

    A violation that no permit lifts is not asked about. A right of the plate decides first, then whether anything is
    enforced there at that time. That a limit had not run out is no answer here: how long the vehicle stood is what the
    alert shows or the officer saw.
    """
    if not is_lifted(citation.violation):
        return Permission(False, "No permit lifts this violation.")
    if citation.zone is None:
        right = right_here(plate=citation.plate, zone=None, at=citation.violation_at)
        return Permission(right.allowed, _in_words(right))
    right, here = right_and_answer(
        plate=citation.plate, plate_state=citation.plate_state, zone=citation.zone, at=citation.violation_at
    )
    if right.allowed is not False:
        return Permission(right.allowed, _in_words(right))
    if here.allowed and _within_a_limit(here):
        return Permission(False, _in_words(here))
    return Permission(here.allowed, _in_words(here))


def is_lifted(violation: Violation) -> bool:
    """Whether a permit lifts this violation, or another of its section, in whatever spelling."""
    lifted = Violation.objects.filter(lifted_by_permit=True).values_list("section", flat=True)
    return violation.lifted_by_permit or number_of(violation.section) in map(number_of, lifted)


def _within_a_limit(answer: Answer) -> bool:
    return any(fact.code == "rule" and fact.data.get("limit") for fact in answer.why)


def _in_words(answer: Answer) -> str:
    return " ".join(f"{fact.sentence}." for fact in answer.why)
