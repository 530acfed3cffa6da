"""Is this plate allowed here now, and why: the one question of console, portal, API and the moment of issue."""

from datetime import datetime

from parking.curbs.types import CurbPolicy
from parking.models import Zone, ZonePolicy
from parking.overtime.allowed import LOOK_AHEAD, Answer, allowed_here
from parking.overtime.facts import Fact
from parking.overtime.finding_facts import permit_facts
from parking.overtime.permits import Exemption, Held, Permit, held_by
from parking.overtime.stay import Stay
from parking.overtime.zone_rules import ZoneRules
from parking.plates.likeness import normalise
from parking.selectors.city import City, city
from parking.selectors.curb_rows import policy_of
from parking.selectors.rights import rights_for
from parking.services.looking.tracks import load

NOT_ENFORCED = Fact("rule", "Nothing is enforced here at this time")
NO_ZONE = Fact("zone", "No zone of the map is named, so no rule is known", doubt=True)
NOT_KEPT = Fact("zone", "The zone has ended since; look up the rules of that day", doubt=True)


def answer_for(*, plate: str, plate_state: str = "", zone: Zone | None, at: datetime, reads: bool = True) -> Answer:
    """Whether a vehicle may stand in a zone at a moment, by the rules, permits, exemptions and reads known of it.

    `plate` in any spelling; `plate_state` "US-CA" like, "" when not known. Grace is not counted. Where no read shows
    when it came, it is taken to park at `at`. Without a zone only rights are asked about (`right_here`). `reads` false:
    what readers saw is left out, for whoever may not see it, such as the holder of a permit.
    """
    if zone is None:
        return right_here(plate=plate, zone=None, at=at)
    here = city()
    rules = _rules(zone, at, here)
    if not isinstance(rules, ZoneRules):
        return rules
    stay = open_stay(plate=plate, plate_state=plate_state, zone=zone, at=at, here=here) if reads else None
    return allowed_here(plate, rules, at, permits=_rights(plate, stay, at), stay=stay)


def right_and_answer(*, plate: str, plate_state: str, zone: Zone, at: datetime) -> tuple[Answer, Answer]:
    """`right_here` and `answer_for` of one vehicle together: permits and exemptions are read once for both."""
    here = city()
    rules = _rules(zone, at, here)
    stay = open_stay(plate=plate, plate_state=plate_state, zone=zone, at=at, here=here)
    rights = _rights(plate, stay, at)
    right = _right_among([each for each in rights if _counts(each, at)], plate, zone, at)
    answer = allowed_here(plate, rules, at, permits=rights, stay=stay) if isinstance(rules, ZoneRules) else rules
    return right, answer


def _rights(plate: str, stay: Stay | None, at: datetime) -> list[Permit | Exemption]:
    """What counts at some time of the stay or soon. Exemptions are permits to the engine: it tells them apart."""
    readings = {normalise(plate), *(stay.readings if stay else ())}
    return rights_for(readings, stay.first.at if stay else at, at + LOOK_AHEAD)


def _counts(right: Permit, at: datetime) -> bool:
    return (right.begins is None or right.begins <= at) and (right.ends is None or right.ends > at)


def right_here(*, plate: str, zone: Zone | None, at: datetime) -> Answer:
    """Whether a permit or exemption by itself lets a vehicle stay beyond a limit in a zone at a moment (PK-03).

    For citations written by hand, where no read says since when it stood. `allowed` is None where only a look-alike
    plate has the right, or where no zone is named and the right holds in some zones only.
    """
    return _right_among(rights_for([normalise(plate)], at, at), plate, zone, at)


def _right_among(rights: list[Permit | Exemption], plate: str, zone: Zone | None, at: datetime) -> Answer:
    held = held_by([normalise(plate)], rights)
    zone_id = str(zone.pk) if zone else ""
    facts = [fact for each in held for fact in permit_facts([each], zone_id or _a_zone_of(each), at)]
    why = (*(facts or permit_facts((), zone_id, at)), *(() if zone else (NO_ZONE,)))
    lifting = [each for each in held if _lifts(each, zone_id, at)]
    if any(each.exact and (zone or each.permit.zones is None) for each in lifting):
        return Answer(True, None, why)
    return Answer(None if lifting else False, None, why)


def open_stay(*, plate: str, plate_state: str, zone: Zone, at: datetime, here: City | None = None) -> Stay | None:
    """The stay in which a reader has this plate, letter for letter, in a zone at a moment; None when it has none."""
    here = here or city()
    letters = normalise(plate)
    stays = [
        stay
        for known in load([letters], at, at, here)
        for stay in known.value.stays
        if stay.zone_id == str(zone.pk) and letters in stay.readings and stay.first.at <= at and stay.is_open(at)
    ]
    same = [stay for stay in stays if not (plate_state and stay.state) or stay.state == plate_state]
    return max(same, key=lambda stay: stay.last.at, default=None)


def _rules(zone: Zone, at: datetime, here: City) -> ZoneRules | Answer:
    """The zone's rules as they were at that moment, or the answer where there are none."""
    began, over = zone.starts_at <= at, zone.ends_at is not None and zone.ends_at <= at
    if not zone.enforced or not began or over:
        return Answer(True, None, (NOT_ENFORCED,))
    zone_id = str(zone.pk)
    if zone_id not in here.index.places:
        return Answer(None, None, (NOT_KEPT,))
    policies = _policies(zone, at)
    kept = here.rules.get(zone_id)
    if kept is not None and {each.id for each in kept.policies} == {each.id for each in policies}:
        return kept
    return ZoneRules(here.index.places[zone_id], policies)


def _policies(zone: Zone, at: datetime) -> tuple[CurbPolicy, ...]:
    """Those in force at a moment; before any was entered, the first ones: a sign stands before it is typed in."""
    links = list(ZonePolicy.objects.filter(zone=zone).select_related("policy").order_by("starts_at"))
    since = max(at, links[0].starts_at) if links else at
    return tuple(
        policy_of(link.policy)
        for link in links
        if link.starts_at <= since and (link.ends_at is None or link.ends_at > since)
    )


def _lifts(held: Held, zone_id: str, at: datetime) -> bool:
    """Whether a right lifts a limit in this zone; in one of its own where none is named."""
    right = held.permit
    whole = isinstance(right, Exemption) or right.limit_minutes is None
    return whole and right.is_valid(zone_id or _a_zone_of(held), at)


def _a_zone_of(held: Held) -> str:
    return next(iter(held.permit.zones or ()), "")
