"""The words of CDS: enumerations, units of time, names of fields."""

from parking.curbs.types import Activity

VERSIONS = ("1.0", "1.1")
ACTIVITIES = tuple(activity.value for activity in Activity)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SIDES = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
ANGLES = ("parallel", "perpendicular", "angled")
PERIODS = ("rolling", "calendar")

# A stay of a month or longer has no fixed length: the longest that it can mean, which favors the driver.
MINUTES = {
    "second": 1 / 60,
    "minute": 1,
    "hour": 60,
    "day": 1440,
    "week": 7 * 1440,
    "month": 31 * 1440,
    "quarter": 92 * 1440,
    "year": 366 * 1440,
}
UNITS = tuple(MINUTES)

SHAPES = {"1.0": ("Polygon", "MultiPolygon"), "1.1": ("Polygon", "MultiPolygon", "LineString")}

# Fields of a zone that we keep as they came and write back; those of 1.1 are not written into 1.0.
KEPT_1_0 = (
    *("prev_policies", "prev_curb_zone_ids", "location_references", "median"),
    *("available_space_lengths", "availability_time"),
)
KEPT_1_1 = (
    *KEPT_1_0,
    *("description", "jurisdiction_type", "owner_name", "address_number", "available", "available_spaces"),
    *("curb_object_ids", "external_references"),
)

# Ours, in a zone's custom_attributes (1.1), whose values are texts.
SCOPE = "stay_scope"
NO_RETURN_DISTANCE = "no_return_distance_m"
RESOLUTION = "resolution"
SIGNS_SINCE = "signs_since"

# Ours, in 1.0: the policy that a policy written for exempt users stems from.
DERIVED_FROM = "derived_from"
