"""What a curb rule consists of, whichever format it came in.

The words are those of the Curb Data Specification 1.1 (Open Mobility Foundation): a zone is a stretch of curb with one
regulation along its whole extent; a policy is a prioritised set of rules with the time spans in which they hold; a
rule is an activity, a longest stay and the classes of user it is for.
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any

from shapely.geometry.base import BaseGeometry


class Activity(StrEnum):
    """What a rule allows or forbids (CDS)."""

    PARKING = "parking"
    NO_PARKING = "no parking"
    LOADING = "loading"
    NO_LOADING = "no loading"
    UNLOADING = "unloading"
    NO_UNLOADING = "no unloading"
    STOPPING = "stopping"
    NO_STOPPING = "no stopping"
    TRAVEL = "travel"
    NO_TRAVEL = "no travel"


class Scope(StrEnum):
    """What one stay is measured over; ours, CDS has no field for it."""

    SPACE = "space"
    BLOCK_FACE = "block_face"
    BOTH_SIDES = "both_sides"
    AREA = "area"


@dataclass(frozen=True)
class TimeSpan:
    """When a policy holds, in local wall-clock time. Every part that is given must hold; none given means always.

    `days`: 0 is Monday, 6 Sunday. `start` is included, `end` is not; `end` None with a `start` means midnight.
    `weeks_of_month`: 1 to 5 (the 1st to 7th of a month is week 1). `start_date` is included, `end_date` is not; a plain
    date means its local midnight, an aware datetime that moment. `period`: a designated period such as "holidays";
    `period_except` means that the span holds except in it. `exception` turns the whole span round (CDS 1.1): its policy
    does not hold while it does.
    """

    days: frozenset[int] = frozenset()
    start: time | None = None
    end: time | None = None
    weeks_of_month: frozenset[int] = frozenset()
    days_of_month: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    start_date: date | None = None
    end_date: date | None = None
    period: str = ""
    period_except: bool = False
    exception: bool = False


@dataclass(frozen=True)
class Rate:
    """What it costs: cents a unit (CDS). Kept and exported; nothing here charges."""

    rate: int
    rate_unit: str
    extra: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class CurbRule:
    """An activity and its limits. Times in minutes.

    `user_classes`: everyone when empty, else who has all of them. `user_classes_except`: everyone but who has one.
    `purposes`: only who has one of them (CDS 1.1).
    """

    activity: Activity
    max_stay: float | None = None
    no_return: float | None = None
    user_classes: tuple[str, ...] = ()
    user_classes_except: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    rates: tuple[Rate, ...] = ()
    name: str = ""
    description: str = ""


@dataclass(frozen=True)
class CurbPolicy:
    """Rules with the spans in which they hold; the lowest `priority` wins. Its id stands for its content for ever."""

    id: str
    priority: int
    rules: tuple[CurbRule, ...]
    spans: tuple[TimeSpan, ...] = ()
    published_ms: int | None = None
    name: str = ""
    description: str = ""
    color: str = ""
    operators: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.id)  # what holds on a day is looked up by policy, thousands of times a second


@dataclass(frozen=True)
class CurbZone:
    """A stretch of curb. Geometry is WGS 84 (longitude, latitude); lengths in centimetres; times in ms since 1970.

    `scope`, `no_return_distance_m`, `resolution`, `signs_since` and `area` are ours: CDS has no field for them.
    """

    id: str
    geometry: BaseGeometry
    policy_ids: tuple[str, ...]
    name: str = ""
    user_zone_id: str = ""
    street: str = ""
    cross_street_start: str = ""
    cross_street_end: str = ""
    side: str = ""  # N, NE … NW
    entire_roadway: bool = False
    length_cm: int | None = None
    width_cm: int | None = None
    num_spaces: int | None = None
    parking_angle: str = ""
    area_ids: tuple[str, ...] = ()
    space_ids: tuple[str, ...] = ()
    published_ms: int | None = None
    updated_ms: int | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    scope: Scope = Scope.BLOCK_FACE
    no_return_distance_m: float | None = None
    resolution: str = ""
    signs_since: date | None = None
    extra: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True)
class CurbArea:
    """A neighbourhood of zones; areas may overlap."""

    id: str
    geometry: BaseGeometry
    zone_ids: tuple[str, ...] = ()
    name: str = ""
    published_ms: int | None = None
    updated_ms: int | None = None


@dataclass(frozen=True)
class CurbSpace:
    """One marked space inside a zone."""

    id: str
    geometry: BaseGeometry
    zone_id: str
    number: int | None = None
    length_cm: int | None = None
    name: str = ""
    published_ms: int | None = None
    updated_ms: int | None = None


@dataclass(frozen=True)
class CurbSet:
    """What an import holds or an export writes: everything together, its time zone stated."""

    zones: tuple[CurbZone, ...] = ()
    policies: tuple[CurbPolicy, ...] = ()
    areas: tuple[CurbArea, ...] = ()
    spaces: tuple[CurbSpace, ...] = ()
    time_zone: str = "America/Los_Angeles"
    currency: str = "USD"
    author: str = ""
    license_url: str = ""


@dataclass(frozen=True)
class Fault:
    """Something wrong with one feature of an import: which (its id or place in the file), where in it, what, in words."""

    feature: str
    field: str
    message: str
