"""A simulation: a CurbSet and a seed in, reads and the truth out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random

import shapely

from parking.curbs.projection import Projection
from parking.curbs.types import CurbSet, CurbZone
from parking.overtime.places import place_of
from parking.overtime.zone_rules import ZoneRules
from parking.simulate.deliveries import Delivery, deliveries
from parking.simulate.faces import Face, faces_of
from parking.simulate.patrol import FROM_THE_LEFT, PatrolCar, Seen, dirty_share, patrol
from parking.simulate.play import Shares, perform
from parking.simulate.route import driving_time, loop, passes
from parking.simulate.stage import Stage, Terms
from parking.simulate.truth import Truth

LEAST_PASSES = 8.0  # of a face in a shift, by all cars together: every hour or so


class Simulation:
    """One shift of a patrol.

    `reads`: at most so many in all (a car makes some 2,200 an hour); with few, the patrol drives fewer faces rather
    than fewer loops. `cars`: patrol cars on the same loop, evenly apart. `start`: aware; `hours`: length of the shift.
    `misread_rate`: of all reads. `grace_minutes` and `valid_minutes`: what counts as an overstay (see `truth`).
    `offline`: each car's time without network. `prefix`: of every read's sequence, so that two runs do not collide.

    The same arguments give the same reads, truth and deliveries. Raises ValueError when no zone is a curb for cars.
    """

    def __init__(
        self,
        curbs: CurbSet,
        *,
        seed: int = 0,
        reads: int = 20_000,
        cars: int = 1,
        start: datetime,
        hours: float = 10.0,
        misread_rate: float = 0.03,
        grace_minutes: float = 5.0,
        valid_minutes: float = 480.0,
        offline: timedelta = timedelta(hours=1.5),
        shares: Shares | None = None,
        prefix: str = "",
    ) -> None:
        if start.tzinfo is None:
            raise ValueError("The start needs its time zone.")
        self.curbs, self.reads_wanted, self.cars = curbs, reads, cars
        self.start, self.seconds = start.astimezone(UTC), hours * 3600.0
        self.misread_rate, self.offline, self.shares = misread_rate, offline, shares or Shares()
        self.grace, self.valid = timedelta(minutes=grace_minutes), timedelta(minutes=valid_minutes)
        self.prefix = prefix
        self._seed = f"{seed} {reads} {cars} {hours} {misread_rate}"
        self.projection = Projection.around(shapely.union_all([shapely.envelope(z.geometry) for z in curbs.zones]))
        self.rules = {zone.id: self._rules(zone) for zone in curbs.zones}
        self.faces, self._loops = self._beat()
        self._most_loops = self.seconds / driving_time(self.faces, range(len(self.faces)))

    @cached_property
    def seen(self) -> list[Seen]:
        """Every read with the truth about it, in order of time."""
        loops, found = self._loops, self._driven(self._loops)
        while len(found) < self.reads_wanted and loops < self._most_loops:
            loops = min(loops * 1.2, self._most_loops)
            found = self._driven(loops)
        return found

    def _driven(self, loops: float) -> list[Seen]:
        """What so many loops of each car bring."""
        cars, driven = [], []
        for n in range(self.cars):
            rng, way = self._random(f"patrol {n}"), self._random(f"way {n}")
            cars.append(PatrolCar(n, rng, self.stage, self.projection, self.misread_rate, self.prefix))
            driven += passes(self.faces, car=n, cars=self.cars, loops=loops, seconds=self.seconds, rng=way)
        return patrol(cars, driven, self.reads_wanted)

    @cached_property
    def stage(self) -> Stage:
        """The street with its cars."""
        terms = [self._terms(face) for face in self.faces]
        stage = Stage(
            self._random("stage"), self.faces, terms, self.start, self.seconds, dirty_share(self.misread_rate)
        )
        perform(stage, self.shares)
        return stage

    @cached_property
    def truth(self) -> Truth:
        """What was so."""
        return Truth(
            cars=self.stage.cars,
            parkings=self.stage.parkings,
            faces=self.faces,
            permits=self.stage.permits,
            reads={one.read.device_seq: one for one in self.seen},
            rules=self.rules,
            start=self.start,
            end=self.start + timedelta(seconds=self.seconds),
            grace=self.grace,
            valid=self.valid,
        )

    def deliveries(self, batch: int = 50) -> list[Delivery]:
        """The reads as the patrol cars send them, in the order of sending; the same at every call."""
        return deliveries(self.seen, self._random("network"), self.start, batch, self.offline)

    def _random(self, part: str) -> Random:
        """Each part has its own chance, so that which is asked for first changes nothing."""
        return Random(f"{self._seed} {part}")

    def _rules(self, zone: CurbZone) -> ZoneRules:
        policies = tuple(policy for policy in self.curbs.policies if policy.id in zone.policy_ids)
        return ZoneRules(place_of(zone), policies, self.curbs.time_zone)

    def _terms(self, face: Face) -> Terms:
        """The longest-running limit of the shift, and the first class that its signs exempt."""
        rules = self.rules[face.zone.id]
        end = self.start + timedelta(seconds=self.seconds)
        runs = [run for run in rules.running(self.start, end) if not run.forbidden and run.limit_minutes]
        exempt = [name for p in rules.policies for rule in p.rules for name in rule.user_classes_except]
        longest = max(runs, key=lambda run: min(run.end, end) - max(run.begin, self.start), default=None)
        return Terms(longest.limit_minutes * 60.0 if longest else None, exempt[0] if exempt else "")

    def _beat(self) -> tuple[list[Face], float]:
        """The faces the patrol drives, in order, and about how many loops each car makes for the reads wanted.

        Faces across the street are numbered anew; one that is not driven is not read from the left either.
        """
        faces = faces_of(self.curbs, self.projection)
        order = loop(faces)
        affordable = self.reads_wanted / (self._a_loop(faces, order) * LEAST_PASSES)
        if affordable < 1.0:
            order = order[: max(round(len(order) * affordable), 2)]
        wanted = 1.1 * self.reads_wanted / self._a_loop(faces, order) / self.cars
        return _renumbered(faces, order), wanted

    def _a_loop(self, faces: Sequence[Face], order: Sequence[int]) -> float:
        """About how many reads one loop gives."""
        spaces = sum(len(faces[number].spaces) for number in order)
        return spaces * self.shares.occupancy * (1 + FROM_THE_LEFT)


def _renumbered(faces: Sequence[Face], order: Sequence[int]) -> list[Face]:
    new: dict[int | None, int] = {old: number for number, old in enumerate(order)}
    return [replace(faces[old], opposite=new.get(faces[old].opposite)) for old in order]
