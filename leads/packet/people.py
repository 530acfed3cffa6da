"""The packet's part on who asked and who examined, with certificates (FR-14, FR-20)."""

from collections.abc import Iterable, Sequence

from ecpd.accounts.models import TrainingCertificate, User
from ecpd.web.words import day
from leads.models import SearchRequest
from leads.packet.section import Section, at, numbers

PEOPLE = "Who searched and who examined, with their certificates"


def who_took_part(searches: Sequence[SearchRequest]) -> Section:
    """Requesters and examiners with every certificate of theirs; `lots.py` has who was drawn and replaced."""
    asked: dict[User, list[str]] = {}
    examined: dict[User, list[str]] = {}
    for search in searches:
        asked.setdefault(search.requested_by, []).append(search.number)
        for candidate in search.candidates.all():
            for one in candidate.examinations.all():
                examined.setdefault(one.examiner, []).append(f"{candidate.rank} of {search.number}")
    people = [*asked, *(one for one in examined if one not in asked)]
    certificates = _certificates(people)
    return Section(
        PEOPLE,
        [],
        ["Person", "Asked for", "Examined", "Facial-recognition certificates"],
        [
            [one.display_name, numbers(asked.get(one, []), len(searches)) or "Nothing",
             "; ".join(examined.get(one, [])) or "Nothing", certificates.get(one.pk, "None on record")]
            for one in people
        ],
    )  # fmt: skip


def _certificates(people: Iterable[User]) -> dict[int, str]:
    held = TrainingCertificate.objects.filter(
        holder__in=[one.pk for one in people], kind=TrainingCertificate.Kind.FACIAL_RECOGNITION
    )
    found: dict[int, list[str]] = {}
    for one in held.select_related("issued_by", "suspended_by").order_by("holder_id", "issued_on", "pk"):
        found.setdefault(one.holder_id, []).append(_certificate(one))
    return {holder: " ".join(words) for holder, words in found.items()}


def _certificate(one: TrainingCertificate) -> str:
    suspended = f", suspended {at(one.suspended_at)}: {one.suspended_reason}" if one.suspended_at else ""
    issued = f"issued {day(one.issued_on)} by {one.issued_by.display_name}"
    return f"{one.course}, {issued}, runs to {day(one.expires_on)}{suspended}."
