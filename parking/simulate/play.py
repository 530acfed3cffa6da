"""Who parks where, from when to when: the acts first, then ordinary cars in what is left of every space's day."""

from dataclasses import dataclass
from math import log

from parking.simulate import acts
from parking.simulate.stage import MINUTE, Stage, Terms

WARM_UP_S = 7200.0  # the street is full before the patrol comes
UNLIMITED_S = 7200.0
RESIDENT_S = 14400.0


@dataclass(frozen=True)
class Shares:
    """How many of each kind.

    `over`, `near`: of cars that come to a limit, those that overstay, and those that leave within five minutes of it.
    `residents`: of the cars in permit zones. `movers`, `look_alikes` (pairs), `shared_permits` (pairs): per space.
    `occupancy`: of a space's day.
    """

    over: float = 0.07
    near: float = 0.04
    residents: float = 0.3
    movers: float = 0.04
    look_alikes: float = 0.03
    shared_permits: float = 0.01
    occupancy: float = 0.72


def perform(stage: Stage, shares: Shares) -> None:
    """Fill the stage."""
    total = sum(len(face.spaces) for face in stage.faces)
    if acts.limited_faces(stage):
        for act, share in (
            (acts.mover, shares.movers),
            (acts.look_alikes, shares.look_alikes),
            (acts.shared_permit, shares.shared_permits),
        ):
            for _ in range(round(total * share)):
                act(stage)
    for number, face in enumerate(stage.faces):
        for space in range(len(face.spaces)):
            _fill(stage, shares, number, space)


def _fill(stage: Stage, shares: Shares, face: int, space: int) -> None:
    rng, terms = stage.rng, stage.terms[face]
    clock = -WARM_UP_S - rng.expovariate(1 / 1800.0)
    while clock < stage.seconds:
        role, length = _ordinary(stage, shares, terms)
        clock += rng.expovariate(1.0) * length * (1 - shares.occupancy) / shares.occupancy
        clock, until = stage.window(face, space, clock)
        leave = min(clock + length, until)
        if leave - clock < 5 * MINUTE:
            clock = until
            continue
        if clock < stage.seconds:
            car = stage.new_car(role)
            if stage.park(car, face, space, clock, leave) and role == "resident":
                stage.grant((car,), terms.permit_class)
        clock = leave + MINUTE


def _ordinary(stage: Stage, shares: Shares, terms: Terms) -> tuple[str, float]:
    """A role and how long such a car stays."""
    rng, limit = stage.rng, terms.limit
    if limit is None:
        return "unlimited", rng.lognormvariate(log(UNLIMITED_S), 0.6)
    if terms.permit_class and rng.random() < shares.residents:
        return "resident", rng.lognormvariate(log(RESIDENT_S), 0.5)
    lot = rng.random()
    if lot < shares.over:
        return "over", limit * rng.uniform(1.15, 3.0)
    if lot < shares.over + shares.near:
        return "near", limit + rng.uniform(-5.0, 4.5) * MINUTE
    return "short", min(rng.lognormvariate(log(limit * 0.4), 0.6), limit * 0.95)
