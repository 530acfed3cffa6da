"""Every fault of a CDS document is told with its feature, field and a sentence, and nothing of it is imported."""

import copy
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.curbs.cds import read_cds
from parking.curbs.faults import CurbFaults
from parking.curbs.types import TimeSpan

NOW = 1_700_000_000_000
SQUARE = [[-122.31, 37.90], [-122.309, 37.90], [-122.309, 37.9001], [-122.31, 37.9001], [-122.31, 37.90]]
ZONE, OTHER_ZONE, POLICY, OTHER_POLICY, AREA, SPACE = (str(uuid.uuid5(uuid.NAMESPACE_URL, name)) for name in "abcdef")


def polygon(ring: list) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def document(version: str = "1.0") -> dict[str, Any]:
    """A small document in which nothing is wrong."""
    dates = {"published_date": NOW, "last_updated_date": NOW}
    zone = {"curb_zone_id": ZONE, "geometry": polygon(SQUARE), "curb_policy_ids": [POLICY], "start_date": NOW, **dates}
    limit = {"activity": "parking", "max_stay": 2, "max_stay_unit": "hour"}
    span = {"days_of_week": ["mon"], "time_of_day_start": "08:00", "time_of_day_end": "18:00"}
    policy = {"curb_policy_id": POLICY, "published_date": NOW, "priority": 3, "rules": [limit], "time_spans": [span]}
    area = {"curb_area_id": AREA, "geometry": polygon(SQUARE), "curb_zone_ids": [ZONE], **dates}
    space = {"curb_space_id": SPACE, "curb_zone_id": ZONE, "geometry": polygon(SQUARE), "length": 600, **dates}
    space["space_number"] = 1
    data = {"zones": [zone], "areas": [area], "spaces": [space], "policies": [policy]}
    return {"version": version, "time_zone": "America/Los_Angeles", "last_updated": NOW, "data": data}


def set_at(value: Any, path: str, new: Any) -> None:
    """Change one place of a document: "zones.0.geometry"; ... takes the field away."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        value = value[step]
    if new is ...:
        del value[last]
    else:
        value[last] = new


def faults_of(*documents: Any) -> list[tuple[str, str]]:
    with pytest.raises(CurbFaults) as error:
        read_cds(documents)
    assert all(fault.message.endswith((".", "?")) for fault in error.value.faults)
    return [(fault.feature, fault.field) for fault in error.value.faults]


def test_a_document_in_which_nothing_is_wrong_is_read():
    curbs = read_cds([document()])
    assert (len(curbs.zones), len(curbs.areas), len(curbs.spaces), len(curbs.policies)) == (1, 1, 1, 1)
    assert curbs.policies[0].rules[0].max_stay == 120


@pytest.mark.parametrize(
    ("path", "new", "feature", "field"),
    [
        ("zones.0.curb_zone_id", "zone-1", "zone-1", "curb_zone_id"),
        ("zones.0.geometry", ..., ZONE, "geometry"),
        ("zones.0.geometry", {"type": "Point", "coordinates": [1, 2]}, ZONE, "geometry"),
        ("zones.0.geometry", {"type": "LineString", "coordinates": SQUARE[:2]}, ZONE, "geometry"),
        ("zones.0.geometry", polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), ZONE, "geometry"),
        ("zones.0.geometry", polygon([[558_000, 4_190_000], [558_001, 4_190_000], [558_000, 4_190_001]]), ZONE, "geometry"),
        ("zones.0.geometry", {"type": "Polygon", "coordinates": []}, ZONE, "geometry"),
        ("zones.0.geometry", {"type": "Polygon", "coordinates": "POLYGON"}, ZONE, "geometry"),
        ("zones.0.geometry", "POLYGON ((0 0, 1 0, 1 1, 0 0))", ZONE, "geometry"),
        ("zones.0.geometry", polygon([[0, float("nan")], [1, 1], [1, 0]]), ZONE, "geometry"),
        ("zones.0.curb_policy_ids", ..., ZONE, "curb_policy_ids"),
        ("zones.0.curb_policy_ids", [OTHER_POLICY], ZONE, "curb_policy_ids"),
        ("zones.0.curb_policy_ids", ["x"], ZONE, "curb_policy_ids[0]"),
        ("zones.0.published_date", "1700000000000", ZONE, "published_date"),
        ("zones.0.published_date", 1_700_000_000, ZONE, "published_date"),
        ("zones.0.start_date", ..., ZONE, "start_date"),
        ("zones.0.start_date", True, ZONE, "start_date"),
        ("zones.0.end_date", NOW, ZONE, "end_date"),
        ("zones.0.street_side", "north", ZONE, "street_side"),
        ("zones.0.parking_angle", "diagonal", ZONE, "parking_angle"),
        ("zones.0.length", 0, ZONE, "length"),
        ("zones.0.length", 12.5, ZONE, "length"),
        ("zones.0.name", 7, ZONE, "name"),
        ("zones.0.curb_area_ids", [OTHER_ZONE], ZONE, "curb_area_ids"),
        ("areas.0.curb_zone_ids", [OTHER_ZONE], AREA, "curb_zone_ids"),
        ("areas.0.curb_zone_ids", ..., AREA, "curb_zone_ids"),
        ("spaces.0.curb_zone_id", OTHER_ZONE, SPACE, "curb_zone_id"),
        ("spaces.0.length", ..., SPACE, "length"),
        ("spaces.0.space_number", 0, SPACE, "space_number"),
        ("spaces.0.geometry", polygon([[x + 1, y] for x, y in SQUARE]), SPACE, "geometry"),
        ("policies.0.curb_policy_id", ..., "document 1, policies[0]", "curb_policy_id"),
        ("policies.0.priority", ..., POLICY, "priority"),
        ("policies.0.priority", "first", POLICY, "priority"),
        ("policies.0.rules", [], POLICY, "rules"),
        ("policies.0.rules", {}, POLICY, "rules"),
        ("policies.0.rules", ["parking"], POLICY, "rules[0]"),
        ("policies.0.rules.0.activity", "standing", POLICY, "rules[0].activity"),
        ("policies.0.rules.0.activity", ..., POLICY, "rules[0].activity"),
        ("policies.0.rules.0.max_stay", 0, POLICY, "rules[0].max_stay"),
        ("policies.0.rules.0.max_stay_unit", "fortnight", POLICY, "rules[0].max_stay_unit"),
        ("policies.0.rules.0.user_classes", "truck", POLICY, "rules[0].user_classes"),
        ("policies.0.rules.0.user_classes", [""], POLICY, "rules[0].user_classes[0]"),
        ("policies.0.rules.0.rate", [{"rate_unit": "hour"}], POLICY, "rules[0].rate[0].rate"),
        ("policies.0.rules.0.rate", [{"rate": 1, "rate_unit": "h"}], POLICY, "rules[0].rate[0].rate_unit"),
        ("policies.0.time_spans.0.time_of_day_start", "25:99", POLICY, "time_spans[0].time_of_day_start"),
        ("policies.0.time_spans.0.time_of_day_start", "8:00", POLICY, "time_spans[0].time_of_day_start"),
        ("policies.0.time_spans.0.time_of_day_start", "24:00", POLICY, "time_spans[0].time_of_day_start"),
        ("policies.0.time_spans.0.time_of_day_end", "06:00", POLICY, "time_spans[0].time_of_day_end"),
        ("policies.0.time_spans.0.time_of_day_end", "08:00", POLICY, "time_spans[0].time_of_day_end"),
        ("policies.0.time_spans.0.days_of_week", ["mo"], POLICY, "time_spans[0].days_of_week[0]"),
        ("policies.0.time_spans.0.days_of_month", [32], POLICY, "time_spans[0].days_of_month[0]"),
        ("policies.0.time_spans.0.weeks_of_month", [0], POLICY, "time_spans[0].weeks_of_month[0]"),
        ("policies.0.time_spans.0.weeks_of_month", [6], POLICY, "time_spans[0].weeks_of_month[0]"),
        ("policies.0.time_spans.0.months", ["May"], POLICY, "time_spans[0].months[0]"),
        ("policies.0.time_spans.0.designated_period_except", True, POLICY, "time_spans[0].designated_period_except"),
        ("policies.0.time_spans.0.designated_period_except", "yes", POLICY, "time_spans[0].designated_period_except"),
    ],
)  # fmt: skip
def test_a_fault_names_its_feature_and_field(path, new, feature, field):
    broken = document()
    set_at(broken["data"], path, new)
    assert (feature, field) in faults_of(broken)


def test_a_span_whose_dates_are_the_wrong_way_round_is_a_fault():
    broken = document()
    broken["data"]["policies"][0]["time_spans"][0] |= {"start_date": NOW, "end_date": NOW}
    assert (POLICY, "time_spans[0].end_date") in faults_of(broken)


def test_all_faults_are_told_at_once():
    broken = document()
    set_at(broken["data"], "zones.0.street_side", "up")
    set_at(broken["data"], "policies.0.rules.0.activity", "resting")
    assert len(faults_of(broken)) == 2


def second_policy(**changes: Any) -> dict[str, Any]:
    doc = document(changes.pop("version", "1.0"))
    other = copy.deepcopy(doc["data"]["policies"][0]) | {"curb_policy_id": OTHER_POLICY}
    other["rules"][0] |= changes.pop("rule", {})
    other["time_spans"][0] |= changes.pop("span", {})
    doc["data"]["policies"].append(other | changes)
    doc["data"]["zones"][0]["curb_policy_ids"] = [POLICY, OTHER_POLICY]
    return doc


def test_two_policies_for_the_same_users_at_one_time_must_not_share_a_priority():
    assert faults_of(second_policy()) == [(ZONE, "curb_policy_ids")]


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": 4},
        {"rule": {"user_classes": ["truck"]}},
        {"span": {"time_of_day_start": "18:00", "time_of_day_end": "20:00"}},
        {"span": {"days_of_week": ["tue"]}},
        {"version": "1.1", "rule": {"activity": "loading"}},
        {
            "version": "1.1",
            "rule": {"user_classes": ["truck"], "user_classes_except": []},
            "span": {"months": [1]},
            "priority": 9,
        },
    ],
)
def test_policies_that_differ_in_priority_users_time_or_from_1_1_in_activity_stand_side_by_side(changes):
    assert len(read_cds([second_policy(**changes)]).policies) == 2


def test_in_1_1_users_that_are_not_disjoint_need_different_priorities():
    assert faults_of(second_policy(version="1.1", rule={"user_classes": ["truck"]})) == [(ZONE, "curb_policy_ids")]


def test_one_policy_does_not_say_yes_and_no_to_the_same_users():
    doc = document()
    doc["data"]["policies"][0]["rules"].append({"activity": "no parking"})
    assert faults_of(doc) == [(POLICY, "rules[0].activity")]


def test_two_spaces_of_a_zone_have_different_numbers():
    doc = document()
    doc["data"]["spaces"].append(copy.deepcopy(doc["data"]["spaces"][0]) | {"curb_space_id": OTHER_ZONE})
    assert faults_of(doc) == [(OTHER_ZONE, "space_number")]


def test_a_zone_of_the_entire_roadway_has_no_side():
    doc = document()
    doc["data"]["zones"][0] |= {"entire_roadway": True, "street_side": "N"}
    assert faults_of(doc) == [(ZONE, "street_side")]


def test_a_line_is_a_zone_in_1_1():
    doc = document("1.1")
    doc["data"]["zones"][0]["geometry"] = {"type": "LineString", "coordinates": SQUARE[:2]}
    assert read_cds([doc]).zones[0].geometry.geom_type == "LineString"


def test_the_exception_of_a_period_is_read_by_the_version_of_its_file():
    for version, expected in (
        ("1.0", (TimeSpan(days=frozenset({0}), period="holidays", period_except=True),)),
        ("1.1", (TimeSpan(days=frozenset({0}), period="holidays", exception=True),)),
    ):
        doc = document(version)
        doc["data"]["policies"][0]["time_spans"] = [
            {"days_of_week": ["mon"], "designated_period": "holidays", "designated_period_except": True}
        ]
        assert read_cds([doc]).policies[0].spans == expected


def test_unknown_fields_are_passed_over_and_kept_with_a_zone():
    doc = document()
    doc["data"]["zones"][0] |= {"surface": "brick", "median": True}
    doc["data"]["policies"][0]["mood"] = {"deep": [1]}
    doc["links"] = {"next": None}
    assert read_cds([doc]).zones[0].extra == {"surface": "brick", "median": True}


def test_null_counts_as_absent():
    doc = document()
    doc["data"]["zones"][0] |= {"end_date": None, "name": None, "curb_area_ids": None}
    assert read_cds([doc]).zones[0].end_ms is None


@pytest.mark.parametrize("start,end", [("20:00", "00:00"), ("20:00", "24:00"), ("20:00", None)])
def test_the_midnight_that_ends_a_day_may_be_written_in_three_ways(start, end):
    doc = document()
    doc["data"]["policies"][0]["time_spans"] = [{"time_of_day_start": start, "time_of_day_end": end}]
    span = read_cds([doc]).policies[0].spans[0]
    assert span.start.hour == 20 and span.end is None


def test_a_day_may_stand_alone_as_the_first_schema_of_1_0_had_it():
    doc = document()
    doc["data"]["policies"][0]["time_spans"][0]["days_of_week"] = "tue"
    assert read_cds([doc]).policies[0].spans[0].days == {1}


def test_documents_are_read_apart_together_bare_and_with_pages_that_overlap():
    whole = document()
    apart = [{**whole, "data": {kind: objects}} for kind, objects in whole["data"].items()]
    bare = whole["data"]
    single = [{**whole, "data": objects[0]} for objects in whole["data"].values()]
    listed = [next(iter(objects)) for objects in whole["data"].values()]
    expected = read_cds([whole])
    for documents in (apart, [bare], [whole, whole], single, [{"data": listed}], [*listed]):
        assert read_cds(documents) == expected


def test_one_id_with_two_contents_is_a_fault():
    other = document()
    other["data"]["zones"][0]["name"] = "Other"
    assert (ZONE, "curb_zone_id") in faults_of(document(), other)


def test_ids_are_one_whatever_their_letters_case():
    doc = document()
    doc["data"]["zones"][0]["curb_policy_ids"] = [POLICY.upper()]
    assert read_cds([doc]).zones[0].policy_ids == (POLICY,)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"version": "2.0"}, "version"), ({"time_zone": "El Cerrito"}, "time_zone"), ({"time_zone": 8}, "time_zone"),
     ({"data": {}}, "data"), ({"data": []}, "data")],
)  # fmt: skip
def test_an_envelope_that_cannot_be_understood_is_a_fault(change, field):
    assert ("document 1", field) in faults_of({**document(), **change})


def test_time_zones_that_disagree_are_a_fault():
    assert ("document 2", "time_zone") in faults_of(document(), {**document(), "time_zone": "US/Eastern"})


@pytest.mark.parametrize("junk", [None, 3, "zones", []])
def test_what_is_no_object_is_a_fault(junk):
    assert faults_of(junk)


@pytest.mark.parametrize("kind", ["", "Circle", 7, None])
def test_a_shape_of_no_known_kind_is_a_fault(kind):
    broken = document()
    set_at(broken["data"], "zones.0.geometry.type", kind)
    with pytest.raises(CurbFaults, match="not a GeoJSON geometry"):
        read_cds([broken])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
places = st.sampled_from(
    [f"zones.0.{name}" for name in document()["data"]["zones"][0]]
    + [f"spaces.0.{name}" for name in document()["data"]["spaces"][0]]
    + [f"areas.0.{name}" for name in document()["data"]["areas"][0]]
    + [f"policies.0.{name}" for name in document()["data"]["policies"][0]]
    + ["policies.0.rules.0.activity", "policies.0.rules.0.max_stay", "policies.0.rules.0.max_stay_unit"]
    + [f"policies.0.time_spans.0.{name}" for name in ("days_of_week", "time_of_day_start", "months", "start_date")]
    + ["zones.0.geometry.coordinates", "zones.0.geometry.type", "zones.0", "policies", "policies.0.time_spans.0"]
)


@settings(max_examples=400, deadline=None)
@given(places, json_values)
def test_whatever_stands_in_a_field_is_read_or_told_never_an_accident(place, value):
    broken = document()
    set_at(broken["data"], place, value)
    try:
        read_cds([broken])
    except CurbFaults as error:
        assert error.faults
