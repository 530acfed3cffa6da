"""The acts that make enforcement hard: cars that move and return, look-alike plates, shared permits.

Each act takes some free spaces in the shift; one that finds none is left out in part, and the truth says what is so.
"""

from parking.simulate.stage import MINUTE, Stage

MOVES = (("to_other_zone", 4), ("there_and_back", 3), ("same_face", 2), ("away", 1))


def limited_faces(stage: Stage) -> list[int]:
    """The faces with a time limit in the shift."""
    return [number for number, terms in enumerate(stage.terms) if terms.limit]


def mover(stage: Stage) -> None:
    """Two stays, each within the limit: what lies between them makes the difference.

    to_other_zone: drives on to another face. there_and_back: parks elsewhere for half an hour and returns.
    same_face: moves up a few spaces within minutes, which under a limit for the whole face does not help. away:
    leaves the patrolled streets and returns to its spot; nobody can know.
    """
    rng, (face, limit) = stage.rng, _limited_face(stage)
    first, second = limit * rng.uniform(0.5, 0.85), limit * rng.uniform(0.5, 0.85)
    begin = _begin(stage, first + second + 40 * MINUTE)
    role, _ = rng.choices(MOVES, [row[1] for row in MOVES])[0]
    car = stage.new_car(role)
    space = stage.park_on(car, face, begin, begin + first)
    left, back = begin + first, begin + first + rng.uniform(20, 40) * MINUTE
    if role == "same_face":
        moved = left + rng.uniform(1.0, 4.0) * MINUTE
        stage.park_on(car, face, moved, moved + limit * rng.uniform(0.5, 1.0))
    elif role == "away":
        stage.park_on(car, face, back, back + second, near=space)
    elif role == "there_and_back":
        stage.park_on(car, _other_face(stage, face), left + 3 * MINUTE, back - 3 * MINUTE)
        stage.park_on(car, face, back, back + second)
    else:
        stage.park_on(car, _other_face(stage, face), left + 3 * MINUTE, left + 3 * MINUTE + second)


def look_alikes(stage: Stage) -> None:
    """Two cars whose plates differ by a look-alike: side by side, or one in the other's place after it left."""
    rng, (face, limit) = stage.rng, _limited_face(stage)
    one, other = (stage.new_car("look_alike", plate) for plate in stage.plates.look_alikes())
    first, second = limit * rng.uniform(0.6, 0.9), limit * rng.uniform(0.6, 0.9)
    begin = _begin(stage, first + second)
    space = stage.park_on(one, face, begin, begin + first)
    at_once = rng.random() < 0.5
    after = begin + first * rng.uniform(0.4, 0.7) if at_once else begin + first + rng.uniform(2, 15) * MINUTE
    stage.park_on(other, face, after, after + second, near=space)


def shared_permit(stage: Stage) -> None:
    """One permit on two cars, both parked at once: each is exempt, together they are worth a look."""
    rng = stage.rng
    with_class = [number for number in limited_faces(stage) if stage.terms[number].permit_class]
    if not with_class:
        return
    face = rng.choice(with_class)
    one, other = (stage.new_car("shared_permit") for _ in range(2))
    stage.grant((one, other), stage.terms[face].permit_class)
    length = stage.seconds * rng.uniform(0.4, 0.8)
    begin = _begin(stage, length)
    space = stage.park_on(one, face, begin, begin + length)
    stage.park_on(other, face, begin + 10 * MINUTE, begin + length, near=space)


def _limited_face(stage: Stage) -> tuple[int, float]:
    face = stage.rng.choice(limited_faces(stage))
    return face, stage.terms[face].limit or 0.0


def _other_face(stage: Stage, face: int) -> int:
    return stage.rng.choice([number for number in range(len(stage.faces)) if number != face] or [face])


def _begin(stage: Stage, length: float) -> float:
    """A moment at which something of `length` seconds can begin and be seen whole, if the shift is long enough."""
    return stage.rng.uniform(0.0, max(stage.seconds - length, 0.0))
