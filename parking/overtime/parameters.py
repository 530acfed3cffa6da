"""Every number of the engine that somebody may want to change; the database side fills it from the manual."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """Numbers of the overtime engine. Lengths in metres, times in minutes unless the name says otherwise.

    Time: `grace_minutes` is added to every limit (PK-02). `first_read_valid_minutes`: how long a first read may serve
    as the start of a stay; a zone with a longer limit states its own. `pass_gap_minutes`: reads closer together are
    one pass. `fix_stale_seconds`: an older position is no position.

    Place: `sigma_floor_m` is the least standard error a position is credited with and `accuracy_unknown_m` what is
    taken where the device states none; `same_place_sigmas` times the root
    of the two squared errors is how far apart two readings of a car that stands still may be (2 gives 2σ√2).
    `lateral_right_m` and `lateral_left_m`: from the patrol car to the car its side camera reads; `ahead_m`: the same
    for a camera that looks ahead or back or is not known, added to the error because its direction is not known.
    `zone_probability_min`: below it no zone is taken. `wrong_side`, `across` and `elsewhere`: weights of a curb the
    camera did not look at, one it looked along, and a curb that no zone describes. `street_width_m`: how far the
    opposite curb may be where nothing tells which side the car stands on. `heading_min_speed_mps`: slower than this
    the direction of travel is not believed.

    Several passes: `sigma_together_m` is the least standard error that any number of them is credited with.
    `missed_share`: how often a pass misses a car that stands there (1.5 % in the simulation; of real readers more is
    reported, and it differs by place); `misread_share`: how often a plate is misread; `standing_chance_min` and
    `continuity_minutes` as in `parking.overtime.absence`.

    Look-alikes: `alike_weight_max` is the dearest difference that may link two reads (1 is one character).
    """

    grace_minutes: float = 5
    first_read_valid_minutes: float = 480
    pass_gap_minutes: float = 5
    fix_stale_seconds: float = 10
    sigma_floor_m: float = 5
    accuracy_unknown_m: float = 8
    same_place_sigmas: float = 2
    lateral_right_m: float = 3.5
    lateral_left_m: float = 5
    ahead_m: float = 5
    zone_probability_min: float = 0.9
    wrong_side: float = 0.002
    across: float = 0.02
    elsewhere: float = 0.003
    street_width_m: float = 10
    heading_min_speed_mps: float = 0.5
    sigma_together_m: float = 1.5
    missed_share: float = 0.05
    misread_share: float = 0.03
    standing_chance_min: float = 0.005
    continuity_minutes: float = 20
    alike_weight_max: float = 1.0
    shared_permit_minutes: float = 60


DEFAULT = Parameters()
