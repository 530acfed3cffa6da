"""CurbLR features become zones that say the same."""

import copy
from datetime import datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import STRtree

from parking.curbs.cds import read_cds, write_cds
from parking.curbs.curblr import read_curblr
from parking.curbs.faults import CurbFaults
from parking.curbs.geometry import overlaps
from parking.curbs.inforce import rule_at
from parking.curbs.span_sets import can_hold
from parking.curbs.types import Activity, CurbSet, Rate, TimeSpan
from tests.parking.curbs.shared import portland, sample
from tests.parking.curbs.strategies import LOS_ANGELES

LINE = [[-122.3080, 37.9030], [-122.3080, 37.9040]]
MOMENTS = [
    datetime(2026, 11, day, hour, minute, tzinfo=LOS_ANGELES)
    for day in (22, 23, 24, 26, 28)  # a Sunday, two weekdays, Thanksgiving, a Saturday
    for hour, minute in ((1, 0), (7, 30), (9, 0), (12, 59), (13, 0), (18, 30), (19, 0), (23, 59))
]


def feature(*regulations: dict[str, Any], start: float = 0, end: float = 100, side: str = "right") -> dict[str, Any]:
    location = {"shstRefId": "street", "sideOfStreet": side, "shstLocationStart": start, "shstLocationEnd": end}
    first, last = LINE[0][1] + start * 1e-5, LINE[0][1] + end * 1e-5
    line = {"type": "LineString", "coordinates": [[LINE[0][0], first], [LINE[0][0], last]]}
    return {"type": "Feature", "geometry": line, "properties": {"location": location, "regulations": [*regulations]}}


def regulation(activity: str = "parking", category: str = "parking", **parts: Any) -> dict[str, Any]:
    rule = {"activity": activity, "priorityCategory": category, **parts.pop("rule", {})}
    return {"rule": rule, **parts}


def feed(*features: dict[str, Any]) -> dict[str, Any]:
    manifest = {
        "createdDate": "2026-01-05T09:00:00-08:00",
        "timeZone": "America/Los_Angeles",
        "currency": "USD",
        "priorityHierarchy": ["no standing", "street cleaning", "loading", "parking"],
        "authority": {"name": "City of El Cerrito", "url": "https://example.org"},
    }
    return {"type": "FeatureCollection", "manifest": manifest, "features": [*features]}


def spans_of(*time_spans: dict[str, Any]) -> tuple[TimeSpan, ...]:
    return read_curblr(feed(feature(regulation(timeSpans=[*time_spans])))).policies[0].spans


def policies_of(curbs: CurbSet, zone) -> list:
    return [policy for policy in curbs.policies if policy.id in zone.policy_ids]


def test_all_features_of_the_portland_sample_are_in_its_zones():
    document = sample("portland_west.curblr.json")
    curbs = read_curblr(document)
    assert {name for zone in curbs.zones for name in zone.extra["features"]} == {
        f"feature {number}" for number in range(1, len(document["features"]) + 1)
    }
    assert len(document["features"]) == 228
    lying_on_each_other = overlaps(curbs.zones)
    assert len(lying_on_each_other) < 10 and all(size < 8 for _, _, size in lying_on_each_other)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_portland_sample_goes_out_as_cds_and_comes_back(version):
    curbs = read_curblr(sample("portland_west.curblr.json"))
    again = read_cds(list(write_cds(curbs, version).values()))
    assert again.zones == curbs.zones and again.policies == curbs.policies


def test_the_sample_says_what_the_conversion_beside_it_says():
    """Two programs converted the same feed. Where the middle of a zone lies in one of ours, both say the same.

    But for one zone at the edge of the sample: the conversion was made from more features than the sample has.
    """
    ours, theirs = read_curblr(sample("portland_west.curblr.json")), read_cds(portland())
    tree = STRtree([zone.geometry for zone in ours.zones])
    compared, different = set(), set()
    for zone in theirs.zones:
        for place in tree.query(zone.geometry.centroid, predicate="within"):
            compared.add(zone.id)
            one, other = policies_of(theirs, zone), policies_of(ours, ours.zones[place])
            if any(meaning(one, at) != meaning(other, at) for at in MOMENTS):
                different.add(zone.id)
    assert len(compared) > 145 and len(different) <= 1


def meaning(policies: list, at: datetime) -> tuple | None:
    """What holds for everyone; what a rule for some implies for others is written out only by us."""
    rule = rule_at(policies, at, LOS_ANGELES)
    if rule is None or rule.name == "reserved for others":
        return None
    return rule.activity, rule.max_stay if rule.activity is Activity.PARKING else None


def test_features_are_cut_where_another_begins_or_ends():
    loading = feature(regulation("loading", "loading", rule={"maxStay": 30}), start=40, end=60)
    curbs = read_curblr(feed(feature(regulation(), end=100), loading))
    assert [zone.length_cm / 100 for zone in curbs.zones] == pytest.approx([44.4, 22.2, 44.4], abs=0.2)
    at = datetime(2026, 11, 24, 9, tzinfo=LOS_ANGELES)
    rules = [rule_at(policies_of(curbs, zone), at, LOS_ANGELES) for zone in curbs.zones]
    assert [rule.activity for rule in rules] == [Activity.PARKING, Activity.LOADING, Activity.PARKING]


def test_neighbors_with_the_same_regulation_are_one_zone():
    curbs = read_curblr(feed(feature(regulation(), end=50), feature(regulation(), start=50)))
    assert len(curbs.zones) == 1
    assert curbs.zones[0].extra["features"] == ["feature 1", "feature 2"]


def test_both_sides_of_a_street_are_apart_and_know_where_they_lie():
    curbs = read_curblr(feed(feature(regulation(), side="right"), feature(regulation(), side="left")))
    assert [zone.side for zone in curbs.zones] == ["E", "W"]  # the line goes north
    assert curbs.zones[0].geometry.centroid.x > LINE[0][0] > curbs.zones[1].geometry.centroid.x
    assert curbs.zones[0].geometry.distance(curbs.zones[1].geometry) > 0


def test_a_regulation_for_some_means_that_others_may_not():
    curbs = read_curblr(feed(feature(regulation(userClasses=[{"classes": ["handicap"]}]))))
    at = datetime(2026, 11, 24, 9, tzinfo=LOS_ANGELES)
    placard = frozenset({"disabled_parking_permit"})
    assert rule_at(curbs.policies, at, LOS_ANGELES).activity is Activity.NO_PARKING
    assert rule_at(curbs.policies, at, LOS_ANGELES, classes=placard).activity is Activity.PARKING


def test_unless_another_regulation_speaks_to_them():
    for_some = regulation(
        rule={"maxStay": 480}, userClasses=[{"classes": ["permit"], "subclasses": ["zone 4", "zone 5"]}]
    )
    curbs = read_curblr(feed(feature(for_some, regulation(rule={"maxStay": 60}))))
    at = datetime(2026, 11, 24, 9, tzinfo=LOS_ANGELES)
    assert rule_at(curbs.policies, at, LOS_ANGELES).max_stay == 60
    assert rule_at(curbs.policies, at, LOS_ANGELES, classes=frozenset({"permit", "zone_5"})).max_stay == 480


def test_the_hierarchy_of_the_feed_decides():
    cleaning = regulation(
        "no parking", "street cleaning", timeSpans=[{"timesOfDay": [{"from": "08:00", "to": "10:00"}]}]
    )
    curbs = read_curblr(feed(feature(regulation(), cleaning)))
    assert [policy.rules[0].activity for policy in curbs.policies] == [Activity.NO_PARKING, Activity.PARKING]
    assert [policy.priority for policy in curbs.policies] == [10, 20]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, (TimeSpan(),)),
        ({"daysOfWeek": {"days": ["mo", "SU"]}}, (TimeSpan(days=frozenset({0, 6})),)),
        (
            {"daysOfWeek": {"days": ["tu"], "occurrencesInMonth": ["2nd", "4th"]}},
            (TimeSpan(days=frozenset({1}), weeks_of_month=frozenset({2, 4})),),
        ),
        ({"daysOfMonth": ["1", "15"]}, (TimeSpan(days_of_month=frozenset({1, 15})),)),
        ({"daysOfMonth": ["even"]}, (TimeSpan(days_of_month=frozenset(range(2, 32, 2))),)),
        ({"timesOfDay": [{"from": "00:00", "to": "23:59"}]}, (TimeSpan(),)),
        ({"timesOfDay": [{"from": "08:00", "until": "10:00"}]}, (TimeSpan(start=time(8), end=time(10)),)),
        (
            {"daysOfWeek": {"days": ["fr"]}, "timesOfDay": [{"from": "22:00", "to": "06:00"}]},
            (
                TimeSpan(days=frozenset({4}), start=time(22)),
                TimeSpan(days=frozenset({5}), end=time(6)),
            ),
        ),
        (
            {"daysOfWeek": {"days": ["su"], "occurrencesInMonth": ["1st"]}, "timesOfDay": [{"from": "22:00", "to": "06:00"}]},
            (
                TimeSpan(days=frozenset({6}), weeks_of_month=frozenset({1}), start=time(22)),
                TimeSpan(days=frozenset({0}), days_of_month=frozenset(range(2, 9)), end=time(6)),
            ),
        ),
        (
            {"designatedPeriods": [{"name": "Holidays", "apply": "except during"}]},
            (TimeSpan(period="holidays", period_except=True),),
        ),
        ({"effectiveDates": [{"from": "04-01", "to": "11-30"}]}, (
            TimeSpan(months=frozenset({4})), TimeSpan(months=frozenset(range(5, 11))), TimeSpan(months=frozenset({11})))),
        ({"effectiveDates": [{"from": "12-15", "to": "02-10"}]}, (
            TimeSpan(months=frozenset({12}), days_of_month=frozenset(range(15, 32))),
            TimeSpan(months=frozenset({1})),
            TimeSpan(months=frozenset({2}), days_of_month=frozenset(range(1, 11))))),
    ],
)  # fmt: skip
def test_time_spans_are_read_clause_by_clause(told, expected):
    assert spans_of(told) == expected


def test_the_last_of_the_effective_dates_is_included():
    (span,) = spans_of({"effectiveDates": [{"from": "2026-08-02", "to": "2026-08-05"}]})
    assert (span.start_date.day, span.end_date.day) == (2, 6)


def test_clauses_that_never_meet_hold_never_and_not_always():
    told = {"effectiveDates": [{"from": "02-01", "to": "02-10"}], "daysOfMonth": [15]}
    spans = spans_of(told)
    assert spans and not any(can_hold(span) for span in spans)
    assert [span for span in spans_of(told, {"daysOfWeek": {"days": ["mo"]}}) if can_hold(span)] == [
        TimeSpan(days=frozenset({0}))
    ]


def test_several_spans_and_times_are_alternatives():
    spans = spans_of(
        {"timesOfDay": [{"from": "07:30", "to": "09:30"}, {"from": "16:00", "to": "18:00"}]},
        {"daysOfWeek": {"days": ["su"]}},
    )
    assert len(spans) == 3


def test_a_price_is_told_by_the_hour():
    payment = {"rates": [{"fees": [0.5], "durations": [15]}]}
    assert read_curblr(feed(feature(regulation(payment=payment)))).policies[0].rules[0].rates == (Rate(200, "hour"),)


def test_sizes_of_vehicles_are_a_class_of_their_own():
    curbs = read_curblr(feed(feature(regulation(userClasses=[{"classes": ["truck"], "maxLength": 20}]))))
    assert curbs.policies[0].rules[0].user_classes == ("truck", "max_length_20")


def test_what_is_only_planned_is_no_rule():
    planned = feature(regulation("no parking", "street cleaning"), side="left")
    planned["properties"]["location"]["status"] = "planned"
    assert len(read_curblr(feed(feature(regulation()), planned)).zones) == 1


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("geometry",), None, "geometry"),
        (("geometry", "type"), "Polygon", "geometry"),
        (("properties", "location"), None, "properties.location"),
        (("properties", "location", "shstLocationEnd"), 0, "location.shstLocationEnd"),
        (("properties", "location", "shstLocationStart"), "3", "location.shstLocationStart"),
        (("properties", "location", "sideOfStreet"), "north", "location.sideOfStreet"),
        (("properties", "regulations"), None, "regulations"),
        (("properties", "regulations", 0, "rule"), None, "regulations[0].rule"),
        (("properties", "regulations", 0, "rule", "activity"), "resting", "regulations[0].rule.activity"),
        (("properties", "regulations", 0, "rule", "priorityCategory"), "x", "regulations[0].rule.priorityCategory"),
        (("properties", "regulations", 0, "rule", "maxStay"), 0, "regulations[0].rule.maxStay"),
        (("properties", "regulations", 0, "timeSpans"), [{"timesOfDay": [{"from": "25:00", "to": "26:00"}]}],
         "regulations[0].timeSpans[0].timesOfDay[0].from"),
        (("properties", "regulations", 0, "timeSpans"), [{"daysOfWeek": {"days": ["xx"]}}],
         "regulations[0].timeSpans[0].daysOfWeek.days[0]"),
        (("properties", "regulations", 0, "timeSpans"), [{"daysOfMonth": ["last"]}],
         "regulations[0].timeSpans[0].daysOfMonth[0]"),
        (("properties", "regulations", 0, "timeSpans"), [{"effectiveDates": [{"from": "2026-13-01", "to": "2026-12-01"}]}],
         "regulations[0].timeSpans[0].effectiveDates[0].from"),
        (("properties", "regulations", 0, "timeSpans"),
         [{"daysOfMonth": ["31"], "timesOfDay": [{"from": "22:00", "to": "06:00"}]}],
         "regulations[0].timeSpans[0].timesOfDay"),
        (("properties", "regulations", 0, "timeSpans"),
         [{"designatedPeriods": [{"name": n, "apply": "only during"} for n in ("holidays", "game days")]}],
         "regulations[0].timeSpans[0].designatedPeriods"),
    ],
)  # fmt: skip
def test_a_fault_names_its_feature_and_field(path, value, field):
    broken = feed(feature(regulation()))
    inner: Any = broken["features"][0]
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(CurbFaults) as error:
        read_curblr(broken)
    assert ("feature 1", field) in [(fault.feature, fault.field) for fault in error.value.faults]


@pytest.mark.parametrize("name", ["createdDate", "timeZone", "priorityHierarchy"])
def test_a_manifest_tells_date_time_zone_and_hierarchy(name):
    broken = feed(feature(regulation()))
    del broken["manifest"][name]
    with pytest.raises(CurbFaults) as error:
        read_curblr(broken)
    assert ("manifest", name) in [(fault.feature, fault.field) for fault in error.value.faults]


@pytest.mark.parametrize("junk", [None, [], {}, {"features": {}}, {"features": []}, {"features": [1, None]}])
def test_what_is_no_feed_is_a_fault(junk):
    with pytest.raises(CurbFaults):
        read_curblr(junk)


keys = st.sampled_from(["rule", "userClasses", "timeSpans", "payment"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 40) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["days", "timesOfDay", "from", "to", "classes", "rates", "fees", "daysOfWeek", "effectiveDates"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(keys, json_values)
def test_whatever_stands_in_a_regulation_is_read_or_told_never_an_accident(key, value):
    broken = copy.deepcopy(feed(feature(regulation())))
    broken["features"][0]["properties"]["regulations"][0][key] = value
    try:
        assert read_curblr(broken).zones
    except CurbFaults as error:
        assert error.faults
