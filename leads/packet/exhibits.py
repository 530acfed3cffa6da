"""The packet's part on the pictures that were searched with: what each was made from and of, through all generations (FR-04)."""

from collections.abc import Iterable

from django.db import connection

from cases.models import Evidence
from leads.models import SearchRequest
from leads.packet.section import Section, at

FAMILIES = "The pictures that were searched with, and every edit"
# From a picture up to what it was made from, and from there down to all that was made of it.
_FAMILY = """
WITH RECURSIVE above(id) AS (
    SELECT unnest(%s::bigint[])
    UNION SELECT e.derived_from_id FROM cases_evidence e JOIN above ON above.id = e.id WHERE e.derived_from_id IS NOT NULL),
family(id) AS (SELECT id FROM above
    UNION SELECT e.id FROM cases_evidence e JOIN family ON e.derived_from_id = family.id)
SELECT id FROM family
"""


def families(searches: Iterable[SearchRequest]) -> Section:
    """Each picture of the families of the searched ones: origin, what was done to it, frame and clip, SHA-256."""
    searched = {search.probe_id for search in searches}
    pictures = Evidence.objects.filter(pk__in=family_of(searched)).select_related(
        "case", "file", "derived_from", "added_by", "withdrawn_by"
    )
    return Section(
        FAMILIES,
        [
            "An edit is a picture of its own, with what was done to it in the words of who did it, beside the one it was made "
            "from; neither is ever replaced. A still from a recording has the frame, the time in the recording and the "
            "recording’s SHA-256 where they were recorded.",
        ],
        ["Picture", "Made from", "What was done, with tool and settings as recorded", "Entered", "SHA-256"],
        [_row(one, one.pk in searched) for one in pictures.order_by("case_id", "number")],
    )


def family_of(pictures: Iterable[int]) -> set[int]:
    """The keys of these pictures, of all they were made from and of all that was made of those."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, [list(pictures)])
        return {key for (key,) in cursor.fetchall()}


def _row(one: Evidence, searched: bool) -> list[str]:
    what = f"{one.label} of {one.case.case_number}, {one.title}. {one.get_kind_display()}. {one.origin}"
    obtained = f", obtained {at(one.obtained_at)}."
    return [
        f"{what}{obtained}{' It was searched with.' if searched else ''}{_withdrawn(one)}",
        one.derived_from.label if one.derived_from else "Nothing: an original",
        f"{one.derivation or 'Nothing'}{_of_a_clip(one)}",
        f"{one.added_by.display_name}, {at(one.added_at)}",
        one.file.sha256 if one.file else "No file",
    ]


def _of_a_clip(one: Evidence) -> str:
    """Frame, time and hash of the recording; of a still that they were not recorded."""
    if one.kind != Evidence.Kind.STILL:
        return ""
    frame = "not recorded" if one.clip_frame is None else str(one.clip_frame)
    time, clip = one.clip_time_code or "not recorded", one.clip_sha256 or "not recorded"
    return f". A still from a recording: frame {frame}, time {time}, the recording’s SHA-256 {clip}"


def _withdrawn(one: Evidence) -> str:
    if one.withdrawn_at is None or one.withdrawn_by is None:
        return ""
    return f" Withdrawn by {one.withdrawn_by.display_name}, {at(one.withdrawn_at)}: {one.withdrawn_reason}"
