"""The whole chain in memory: place, join, stay, judge. For replays, evaluation, and as a pattern for the services.

What it keeps is data and could be thrown away and rebuilt: tracks of vehicles, an index of their plates' deletion
keys, and how often each plate was read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parking.ingest.canonical import CanonicalRead
from parking.overtime.absence import parts_of
from parking.overtime.join import as_perhaps, decide, same_letters
from parking.overtime.judge import Finding, judge
from parking.overtime.observation import observation_of
from parking.overtime.parameters import DEFAULT, Parameters
from parking.overtime.passes import PassLog, glance_of
from parking.overtime.permits import Exemption, Permit, PermitIndex
from parking.overtime.position import CurbIndex
from parking.overtime.sighting import Sighting, sighting_of
from parking.overtime.stay import Stay, Track, apply
from parking.overtime.together import Together
from parking.overtime.zone_rules import ZoneRules
from parking.plates.likeness import deletion_keys


@dataclass(frozen=True)
class Judged:
    """What one read came to: the stay it is part of and what is now to be said of that stay, at its newest sighting.

    Both None when its zone is not certain or has no rules. A late read may make the difference, so it is judged too.
    """

    sighting: Sighting
    stay: Stay | None = None
    finding: Finding | None = None


class Watch:
    """A watch over one city's zones. Take reads in whatever order they arrive."""

    def __init__(
        self,
        index: CurbIndex,
        rules: Mapping[str, ZoneRules],
        parameters: Parameters = DEFAULT,
        *,
        permits: Iterable[Permit] = (),
        exemptions: Iterable[Exemption] = (),
        device: str = "",
    ) -> None:
        """Watch the zones of `index`; `rules` by zone id: a zone without any raises nothing. `device`: whose reads."""
        self.device = device
        self.index, self.rules, self.parameters = index, rules, parameters
        self._permits, self._exemptions = PermitIndex(permits), PermitIndex(exemptions)
        self._settle, self._log = Together(index), PassLog()
        self._tracks: list[Track] = []
        self._by_key: dict[str, set[int]] = defaultdict(set)
        self._times_read: Counter[str] = Counter()

    def take(self, reads: Sequence[tuple[str, CanonicalRead]]) -> list[Judged]:
        """Take a batch of reads with their ids; they are placed together and judged one by one."""
        places = self.index.locate_many([observation_of(read) for _, read in reads])
        sightings = [sighting_of(read, place, id=key) for (key, read), place in zip(reads, places, strict=True)]
        self._log.add(
            glance_of(each, self.device, read.camera_side) for each, (_, read) in zip(sightings, reads, strict=True)
        )
        return [self._judge(each) for each in sightings]

    def open_stays(self) -> list[Stay]:
        """Stays that have not been ended by a sighting."""
        return [track.current for track in self._tracks if track.current and not track.current.ended]

    def _judge(self, sighting: Sighting) -> Judged:
        if not sighting.plate or sighting.x is None:
            return Judged(sighting)
        number, sighting = self._join(sighting)
        self._times_read[sighting.plate] += 1
        stay = _stay_of(sighting, self._tracks[number].stays)
        if stay is None or stay.zone_id not in self.rules:
            return Judged(sighting)
        finding = self.finding(stay)
        if finding.is_over and (part := _stay_of(sighting, self.parts(stay))) is not None:
            stay, finding = part, self.finding(part)
        return Judged(sighting, stay, finding)

    def parts(self, stay: Stay) -> tuple[Stay, ...]:
        """What is left of a stay when the passes that did not see it are heard."""
        moving = not self.rules[stay.zone_id].forbids_return(stay.first.at, stay.last.at)
        return parts_of(stay, self._log, self.parameters, moving_counts=moving)

    def finding(self, stay: Stay) -> Finding:
        """Judge a stay at the moment of its newest sighting."""
        permits = [permit for plate in stay.readings for permit in self._permits.near(plate)]
        exemptions = [exemption for plate in stay.readings for exemption in self._exemptions.near(plate)]
        return judge(
            stay, self.rules[stay.zone_id], stay.last.at, self.parameters, permits=permits, exemptions=exemptions
        )

    def _join(self, sighting: Sighting) -> tuple[int, Sighting]:
        """Add a sighting to its vehicle's track; give the track's number and the sighting with its link."""
        places = self.index.places
        numbers = sorted({number for key in deletion_keys(sighting.plate) for number in self._by_key.get(key, ())})
        owner = {id(stay): number for number in numbers for stay in self._tracks[number].stays}
        stays = [stay for number in numbers for stay in self._tracks[number].stays]
        decision = decide(sighting, stays, places, times_read=self._times_read.__getitem__, parameters=self.parameters)
        for stay in decision.perhaps_ends:
            other = owner[id(stay)]
            self._tracks[other] = self._with(self._tracks[other], as_perhaps(sighting))
        if decision.continues is not None:
            number = owner[id(decision.continues)]
        else:
            known = same_letters(sighting, [self._tracks[number] for number in numbers], self.parameters)
            number = len(self._tracks) if known is None else numbers[known]
        if number == len(self._tracks):
            self._tracks.append(Track())
        self._tracks[number] = self._with(self._tracks[number], decision.sighting)
        for key in deletion_keys(sighting.plate):
            self._by_key[key].add(number)
        return number, decision.sighting

    def _with(self, track: Track, sighting: Sighting) -> Track:
        return apply(track, sighting, self.index.places, self.parameters, self._settle)


def _stay_of(sighting: Sighting, stays: Sequence[Stay]) -> Stay | None:
    """The stay that a sighting is part of."""
    return next((stay for stay in reversed(stays) if any(each.id == sighting.id for each in stay.sightings)), None)
