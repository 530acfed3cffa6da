"""What a patrol car knew when it read a plate, and where that puts the other car.

The position is the patrol's own. A side camera reads the car beside it: the target stands `lateral` metres to the
side, at right angles to the direction of travel.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from parking.ingest.canonical import CanonicalRead
from parking.overtime.parameters import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Observation:
    """One reading of a plate, as far as place goes.

    `latitude` and `longitude` (WGS 84) are the reader's own place, or the target's when `of_target`. `accuracy_m` is
    the standard error of one axis. `heading` in degrees clockwise from north, `camera_side` L, R, F, B or "".
    `fix_age_seconds`: how old the position was when the picture was taken, None when the device does not say.
    """

    at: datetime
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    heading: float | None = None
    speed_mps: float | None = None
    camera_side: str = ""
    of_target: bool = False
    fix_age_seconds: float | None = None


def observation_of(read: CanonicalRead, *, fix_age_seconds: float | None = None) -> Observation:
    """The observation in a canonical read; the target's own place where the reader gives one."""
    place = read.observed or read.observer
    accuracy = place.accuracy_m if place else None
    if accuracy is None and read.observer:
        accuracy = read.observer.accuracy_m
    return Observation(
        at=read.captured_at,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        accuracy_m=accuracy,
        heading=read.heading,
        speed_mps=read.speed_mps,
        camera_side=read.camera_side,
        of_target=read.observed is not None,
        fix_age_seconds=fix_age_seconds,
    )


def why_no_position(observation: Observation, parameters: Parameters) -> str:
    """Why the position cannot be used ("missing", "zero", "stale"), "" when it can."""
    latitude, longitude = observation.latitude, observation.longitude
    if latitude is None or longitude is None or not (math.isfinite(latitude) and math.isfinite(longitude)):
        return "missing"
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (-1, -1):
        return "missing"
    if abs(latitude) < 1e-6 and abs(longitude) < 1e-6:
        return "zero"
    age = observation.fix_age_seconds
    return "stale" if age is not None and not 0 <= age <= parameters.fix_stale_seconds else ""


@dataclass(frozen=True)
class Targets:
    """Where the cars stand that were read: arrays of one length, in metres.

    `look_x`, `look_y`: unit vector of the camera's view to the side, both 0 where it is not known.
    """

    x: Floats
    y: Floats
    sigma: Floats
    look_x: Floats
    look_y: Floats


def look_direction(observation: Observation, parameters: Parameters) -> tuple[float, float]:
    """The unit vector (east, north) in which a side camera looked, (0, 0) where that is not known."""
    heading, speed = observation.heading, observation.speed_mps
    too_slow = speed is not None and speed < parameters.heading_min_speed_mps
    if heading is None or not math.isfinite(heading) or too_slow or observation.camera_side not in {"L", "R"}:
        return 0.0, 0.0
    bearing = math.radians(heading + (90 if observation.camera_side == "R" else -90))
    return math.sin(bearing), math.cos(bearing)


def standard_error(observation: Observation, looks_sideways: bool, parameters: Parameters) -> float:
    """σ of one axis in metres: max(accuracy, floor), wider where the direction to the target is not known."""
    stated = observation.accuracy_m
    accuracy = stated if stated is not None and math.isfinite(stated) and stated > 0 else parameters.accuracy_unknown_m
    sigma = max(accuracy, parameters.sigma_floor_m)
    return sigma if looks_sideways or observation.of_target else math.hypot(sigma, parameters.ahead_m)


def targets(observations: Sequence[Observation], x: Floats, y: Floats, parameters: Parameters) -> Targets:
    """Place the cars read from where the patrol was (`x`, `y` in metres). Every observation has a position."""
    looks = np.array([look_direction(each, parameters) for each in observations]).reshape(-1, 2)
    lateral = np.array([_lateral(each, parameters) for each in observations])
    sideways = [bool(look.any()) for look in looks]
    sigma = [standard_error(each, side, parameters) for each, side in zip(observations, sideways, strict=True)]
    return Targets(x + lateral * looks[:, 0], y + lateral * looks[:, 1], np.array(sigma), looks[:, 0], looks[:, 1])


def looks_in_degrees(placed: Targets) -> list[float | None]:
    """The directions of view in degrees clockwise from north, None where not known."""
    known = (placed.look_x != 0) | (placed.look_y != 0)
    bearings = np.degrees(np.arctan2(placed.look_x, placed.look_y)) % 360.0
    return [bearing if sure else None for bearing, sure in zip(bearings.tolist(), known.tolist(), strict=True)]


def _lateral(observation: Observation, parameters: Parameters) -> float:
    if observation.of_target:
        return 0.0
    return parameters.lateral_right_m if observation.camera_side == "R" else parameters.lateral_left_m
