"""Joining reads to tracks: the engine's chain over what one transaction has loaded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from parking.models import Read
from parking.overtime.join import as_perhaps, decide, same_letters
from parking.overtime.sighting import Sighting
from parking.overtime.stay import Stay, apply
from parking.overtime.together import Together
from parking.plates.likeness import deletion_keys
from parking.selectors.city import City
from parking.services.looking.tracks import Known, load

ONE_PASS = timedelta(seconds=10)  # a reader sends the same car dozens of times as it goes by
DAY = timedelta(days=1)


@dataclass
class Joined:
    """A read's sighting and the track it went to; `repeat` when it is another frame of the same pass."""

    sighting: Sighting
    track: Known
    repeat: bool = False


class Joiner:
    """Everything one batch may touch, loaded at once; then one read after the other."""

    def __init__(self, sightings: Sequence[Sighting], city: City) -> None:
        """Load tracks and how often each plate was read before."""
        self.city, self._settle = city, Together(city.index)
        begin, end = min(each.at for each in sightings), max(each.at for each in sightings)
        self.known = load({each.plate for each in sightings}, begin, end, city)
        self._by_key: dict[str, set[int]] = defaultdict(set)
        for number, known in enumerate(self.known):
            self._index(number, known.plates)
        plates = {each.plate for each in sightings}.union(*(known.plates for known in self.known))
        self._times = _times_read(plates, begin - DAY, end)

    def join(self, sighting: Sighting) -> Joined:
        """Add a sighting to its vehicle's track."""
        numbers = sorted({number for key in deletion_keys(sighting.plate) for number in self._by_key.get(key, ())})
        if (same := self._same_pass(numbers, sighting)) is not None:
            return Joined(sighting, same, repeat=True)
        places, parameters = self.city.index.places, self.city.parameters
        owner = {id(stay): number for number in numbers for stay in self.known[number].value.stays}
        stays = [stay for number in numbers for stay in self.known[number].value.stays]
        decision = decide(sighting, stays, places, times_read=self._times.__getitem__, parameters=parameters)
        for stay in decision.perhaps_ends:
            self._add(owner[id(stay)], as_perhaps(sighting))
        number = self._number(sighting, decision.continues, numbers, owner)
        self._add(number, decision.sighting)
        self._times[sighting.plate] += 1
        return Joined(decision.sighting, self.known[number])

    def _number(self, sighting: Sighting, continues: Stay | None, numbers: list[int], owner: dict[int, int]) -> int:
        """The track of the stay that a sighting continues; else that of the same letters; else a new one."""
        if continues is not None:
            return owner[id(continues)]
        same = same_letters(sighting, [self.known[number].value for number in numbers], self.city.parameters)
        if same is not None:
            return numbers[same]
        self.known.append(Known())
        return len(self.known) - 1

    def _add(self, number: int, sighting: Sighting) -> None:
        known = self.known[number]
        known.value = apply(known.value, sighting, self.city.index.places, self.city.parameters, self._settle)
        known.changed = True
        self._index(number, {sighting.plate})

    def _index(self, number: int, plates: Iterable[str]) -> None:
        for plate in plates:
            for key in deletion_keys(plate):
                self._by_key[key].add(number)

    def _same_pass(self, numbers: Iterable[int], sighting: Sighting) -> Known | None:
        """The track with the same plate in the same zone seconds ago."""
        for number in numbers:
            for other in self.known[number].value.all_sightings()[-3:]:
                same = other.plate == sighting.plate and other.zone_id == sighting.zone_id
                if same and other.state == sighting.state and abs(other.at - sighting.at) <= ONE_PASS:
                    return self.known[number]
        return None


def _times_read(plates: Iterable[str], begin, end) -> Counter[str]:
    """How often each plate was read with exactly these letters, frames of one pass counted once."""
    rows = (
        Read.objects.filter(plate__in=list(plates), captured_at__range=(begin, end))
        .exclude(state__in=[Read.State.RECEIVED, Read.State.REPEAT])
        .order_by()
        .values("plate")
        .annotate(times=Count("pk"))
    )
    return Counter({row["plate"]: row["times"] for row in rows})
