"""Of which violation an alert is: what the reads show, and nothing else, is cited from it (PK-01).

A violation of one of the short codes that the software knows is of its own act; one of an agency's own code is judged by
whether a permit lifts it and a zone is needed. What an officer may write otherwise than the alert has it: the minute, later
on its day; the place in words; color, make and body as he sees them. Never the plate and state that were confirmed, the
zone, or what it is of. The guard of citations asks the same (`parking.models.citation_guards`).
"""

from collections.abc import Collection
from dataclasses import dataclass

SIGNS = ("no-parking", "no-stopping", "street-cleaning", "loading", "bus-stop", "permit-zone")
# Seen at the vehicle alone, and written by hand.
BY_HAND = ("daylighting", "sidewalk", "driveway", "crosswalk", "double", "hydrant", "fire-lane", "curb-18", "disabled")


@dataclass(frozen=True)
class Cited:
    """The violations of one kind of alert. `codes`: theirs; `alone`: where the table has one, no other is.

    `limited`: of an agency's own codes, those that a permit lifts and a zone is needed for, or those not; None: either.
    """

    codes: tuple[str, ...]
    alone: bool
    limited: bool | None
    words: str


KINDS = {
    "overtime": Cited(("overtime",), True, True, "It is of a time limit"),
    "no_parking": Cited(SIGNS, False, None, "It is of a sign that forbids parking"),
    "shared_permit": Cited(("permit-zone",), True, True, "It is of a permit that two cars use"),
    "long_stay": Cited(("seventy-two-hours",), True, False, "It is of a vehicle that stood for days"),
}
KNOWN = frozenset(BY_HAND).union(*(one.codes for one in KINDS.values()))


def is_of(kind: str, codes: Collection[str], limited: bool, in_force: Collection[str]) -> bool:
    """Whether a violation is what an alert of this kind shows.

    `codes`: of every violation of its section; `limited`: a permit lifts that section, in a zone; `in_force`: the codes
    of the table that are not withdrawn.
    """
    cited = KINDS.get(kind)
    if cited is None:
        return False
    if set(codes) & set(cited.codes):
        return True
    return (
        not KNOWN & set(codes)
        and not (cited.alone and set(cited.codes) & set(in_force))
        and cited.limited in (None, limited)
    )
