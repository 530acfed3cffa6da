"""What is written as CDS and read back is the same; where a version lacks words, no rule changes unnoticed."""

import json
import uuid
from dataclasses import replace
from datetime import datetime, time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from parking.curbs.cds import left_out, read_cds, refusals, write_cds
from parking.curbs.faults import CurbFaults, CurbLosses
from parking.curbs.sameness import say_the_same
from parking.curbs.span_sets import folded
from parking.curbs.types import Activity, CurbPolicy, CurbRule, CurbSet, CurbZone, TimeSpan
from tests.parking.curbs import oracle
from tests.parking.curbs.shared import portland, sample
from tests.parking.curbs.strategies import CLASSES, LOS_ANGELES, curb_sets, moments

WEEKDAYS = frozenset(range(5))
ID = str(uuid.uuid5(uuid.NAMESPACE_URL, "a policy"))
OTHER_ID = str(uuid.uuid5(uuid.NAMESPACE_URL, "another policy"))
FREE = CurbRule(Activity.PARKING)


def through_json(written) -> list:
    return list(json.loads(json.dumps(written)).values())


def one_zone(*policies: CurbPolicy) -> CurbSet:
    zone = CurbZone(
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, "a zone")),
        geometry=box(-122.31, 37.9, -122.309, 37.90003),
        policy_ids=tuple(policy.id for policy in policies),
        published_ms=1_700_000_000_000,
        updated_ms=1_700_000_000_000,
        start_ms=1_700_000_000_000,
    )
    return CurbSet(zones=(zone,), policies=policies)


def policy(*rules: CurbRule, spans=(), name=ID, priority=10) -> CurbPolicy:
    return CurbPolicy(name, priority, rules, tuple(spans), published_ms=1_700_000_000_000)


def not_on_holidays(*days: tuple[int, ...]) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(days=frozenset(each), period="holidays", period_except=True) for each in days)


# Spans that overlap and except the same, and one that excepts nothing: each takes the holidays from the other, too.
OVERLAPPING = one_zone(policy(FREE, spans=[*not_on_holidays((1,), (1, 2)), TimeSpan(days=frozenset({5}))]))


# What 1.0 says in other words: an exception, weeks and days of the month at once, a start at midnight.
IN_OTHER_WORDS = one_zone(
    policy(
        CurbRule(Activity.NO_PARKING, purposes=("delivery",)),
        CurbRule(Activity.NO_PARKING, purposes=("school",)),
        spans=[
            TimeSpan(
                weeks_of_month=frozenset({1, 2}), days_of_month=frozenset(range(5, 20)), start=time(), end=time(9)
            ),
            TimeSpan(days=WEEKDAYS),
            TimeSpan(days=frozenset({1}), start=time(9), end=time(10), exception=True),
        ],
    )
)
AT = datetime(2026, 6, 3, 10, tzinfo=LOS_ANGELES)
PERMIT = frozenset({"permit_a"})
NO_PARKING = CurbRule(Activity.NO_PARKING)


def by_purpose(rule: CurbRule, *purposes: str) -> CurbRule:
    return replace(rule, purposes=purposes)


def but_for(rule: CurbRule, *classes: str) -> CurbRule:
    return replace(rule, user_classes_except=classes)


def only_for(rule: CurbRule, *classes: str) -> CurbRule:
    return replace(rule, user_classes=classes)


LIMIT = CurbRule(Activity.PARKING, max_stay=60)
# What 1.1 tells apart and 1.0 does not: the rules or the policies would contradict each other there.
ONE_IN_1_0 = {
    "an exception": one_zone(policy(but_for(NO_PARKING, "permit_a"), FREE)),
    "an exception from a limit": one_zone(policy(but_for(LIMIT, "permit_a"), FREE)),
    "a purpose among several": one_zone(
        policy(by_purpose(NO_PARKING, "delivery", "school"), by_purpose(FREE, "delivery"))
    ),
    "a purpose and a class": one_zone(policy(by_purpose(NO_PARKING, "delivery"), only_for(FREE, "delivery"))),
    "two activities at one priority": one_zone(policy(LIMIT), policy(CurbRule(Activity.LOADING), name=OTHER_ID)),
    "two exemptions at one priority": one_zone(
        policy(but_for(only_for(NO_PARKING, "truck"), "permit_a")),
        policy(but_for(only_for(NO_PARKING, "permit_a"), "truck"), name=OTHER_ID),
    ),
    "an exception from a travel lane": one_zone(policy(but_for(CurbRule(Activity.NO_TRAVEL), "permit_a"))),
}


def decides_in(curbs: CurbSet, zone: CurbZone, at, classes) -> CurbRule | None:
    own = tuple(policy for policy in curbs.policies if policy.id in zone.policy_ids)
    return oracle.decides(own, at, LOS_ANGELES, oracle.in_period, classes)


def told(rule: CurbRule | None) -> tuple:
    """What a rule means to a parked vehicle: nothing regulated is as good as parking without limit."""
    rule = rule or FREE
    return rule.activity, rule.max_stay, rule.no_return, rule.rates


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_portland_sample_comes_back_whole(version):
    curbs = read_cds(portland())
    assert (len(curbs.zones), len(curbs.policies)) == (153, 35)
    assert read_cds(through_json(write_cds(curbs, version))) == curbs


def test_the_examples_of_the_specification_are_read():
    curbs = read_cds([sample("spec_example_zones.json"), sample("spec_example_policies.json")])
    assert curbs.time_zone == "US/Eastern"
    assert [policy.priority for policy in curbs.policies] == [1, 2, 3]
    (rates,) = [read_cds([sample("spec_example_policies_rates.json")])]
    assert [policy.rules[0].rates[0].rate for policy in rates.policies] == [500, 3000]


@settings(max_examples=60, deadline=None)
@given(curb_sets())
@example(OVERLAPPING)
def test_everything_comes_back_from_1_1(curbs):
    try:
        written = write_cds(curbs, "1.1")
    except CurbLosses:
        assume(False)
    again = read_cds(through_json(written))
    expected = replace(curbs, policies=tuple(replace(p, spans=folded(p.spans)) for p in curbs.policies))
    assert again == expected
    assert write_cds(again, "1.1") == written


@settings(max_examples=100, deadline=None)
@given(
    curb_sets(),
    moments,
    st.frozensets(st.sampled_from((*CLASSES, "delivery", "school"))),
    st.sampled_from(("1.0", "1.1")),
)
def test_no_rule_means_anything_else_after_export_and_import(curbs, at, classes, version):
    try:
        written = write_cds(curbs, version)
    except CurbLosses:
        assume(False)
    again = read_cds(through_json(written))
    for zone, zone_again in zip(curbs.zones, again.zones, strict=True):
        assert decides_in(again, zone_again, at, classes) == decides_in(curbs, zone, at, classes)


@settings(max_examples=60, deadline=None)
@given(curb_sets(), st.sampled_from(("1.0", "1.1")))
@example(IN_OTHER_WORDS, "1.0")
def test_a_policy_that_comes_back_is_known_for_the_same(curbs, version):
    try:
        written = write_cds(curbs, version)
    except CurbLosses:
        assume(False)
    again = read_cds(through_json(written)).policies
    assert all(say_the_same(one, other) for one, other in zip(curbs.policies, again, strict=True))


def test_a_policy_that_says_something_else_is_not_taken_for_the_same():
    one = policy(LIMIT, spans=[TimeSpan(days=WEEKDAYS)])
    assert not say_the_same(one, policy(LIMIT, spans=[TimeSpan(days=frozenset({1}))]))
    assert not say_the_same(one, policy(FREE, spans=[TimeSpan(days=WEEKDAYS)]))
    assert not say_the_same(one, policy(LIMIT, spans=[TimeSpan(days=WEEKDAYS)], priority=20))


@settings(max_examples=100, deadline=None)
@given(curb_sets(), moments, st.frozensets(st.sampled_from((*CLASSES, "delivery", "school"))))
@example(ONE_IN_1_0["an exception"], AT, PERMIT)
@example(ONE_IN_1_0["an exception from a travel lane"], AT, PERMIT)
def test_a_reader_that_knows_only_1_0_gets_the_same_meaning(curbs, at, classes):
    try:
        written = write_cds(curbs, "1.0")
    except CurbLosses:
        assume(False)
    again = read_cds(through_json({kind: only_1_0(document) for kind, document in written.items()}))
    for zone, zone_again in zip(curbs.zones, again.zones, strict=True):
        assert told(decides_in(again, zone_again, at, classes)) == told(decides_in(curbs, zone, at, classes))


@pytest.mark.parametrize("curbs", ONE_IN_1_0.values(), ids=ONE_IN_1_0)
def test_what_only_1_1_tells_apart_is_refused_by_name_in_1_0_and_written_in_1_1(curbs):
    with pytest.raises(CurbLosses):
        write_cds(curbs, "1.0")
    assert {fault.feature for fault in refusals(curbs, "1.0")} <= {ID, OTHER_ID}
    assert refusals(curbs, "1.1") == []
    assert read_cds(through_json(write_cds(curbs, "1.1"))) == curbs


def test_one_priority_for_users_who_meet_is_refused_by_name_in_1_1_and_written_in_1_0():
    curbs = one_zone(policy(LIMIT), policy(only_for(FREE, "permit_a"), name=OTHER_ID))
    with pytest.raises(CurbLosses, match=f"{OTHER_ID} one priority"):
        write_cds(curbs, "1.1")
    assert read_cds(through_json(write_cds(curbs, "1.0"))) == curbs


def test_rules_that_contradict_each_other_are_written_in_no_version():
    curbs = one_zone(policy(NO_PARKING, FREE))
    for version in ("1.0", "1.1"):
        with pytest.raises(CurbLosses, match="different things to the same users"):
            write_cds(curbs, version)


def only_1_0(value):
    """A document as one sees it who has never heard of 1.1 or of us."""
    unknown = {"user_classes_except", "purposes", "weeks_of_month", "derived_from"}
    if isinstance(value, dict):
        return {name: only_1_0(part) for name, part in value.items() if name not in unknown}
    return [only_1_0(part) for part in value] if isinstance(value, list) else value


def test_who_is_exempt_has_a_policy_of_their_own_in_1_0():
    limit = CurbRule(Activity.PARKING, max_stay=240, user_classes_except=("permit_a", "permit_b"))
    curbs = one_zone(policy(limit, spans=[TimeSpan(days=WEEKDAYS, start=time(7), end=time(18))]))
    written = write_cds(curbs, "1.0")
    zone = written["zones"]["data"]["zones"][0]
    kept, exempt = written["policies"]["data"]["policies"]
    assert zone["curb_policy_ids"] == [exempt["curb_policy_id"], kept["curb_policy_id"]]
    assert exempt["priority"] == 9 and exempt["time_spans"] == kept["time_spans"]
    assert [rule["user_classes"] for rule in exempt["rules"]] == [["permit_a"], ["permit_b"]]
    assert all(rule["activity"] == "parking" and "max_stay" not in rule for rule in exempt["rules"])
    assert read_cds(through_json(written)) == curbs


def test_who_may_park_by_another_rule_of_the_policy_is_exempt_all_the_same():
    placard = "disabled_parking_permit"
    reserved = CurbRule(Activity.PARKING, user_classes=(placard,))
    others = CurbRule(Activity.NO_PARKING, user_classes_except=(placard,))
    curbs = one_zone(policy(reserved, others))
    assert read_cds(through_json(write_cds(curbs, "1.0"))) == curbs


def test_an_exemption_that_was_changed_in_the_file_is_a_fault():
    limit = CurbRule(Activity.PARKING, max_stay=240, user_classes_except=("permit_a",))
    written = write_cds(one_zone(policy(limit)), "1.0")
    written["policies"]["data"]["policies"][1]["rules"][0]["user_classes"] = ["permit_b"]
    with pytest.raises(CurbFaults, match="was changed"):
        read_cds(through_json(written))


def test_an_exemption_without_room_before_it_is_refused_by_name_in_1_0_and_written_in_1_1():
    limit = policy(CurbRule(Activity.PARKING, max_stay=240, user_classes_except=("permit_a",)), priority=2)
    sweeping = policy(CurbRule(Activity.NO_PARKING), name=OTHER_ID, priority=1)
    curbs = one_zone(sweeping, limit)
    with pytest.raises(CurbLosses, match="Leave priority 1 free"):
        write_cds(curbs, "1.0")
    assert refusals(curbs, "1.0")[0].feature == limit.id
    assert read_cds(through_json(write_cds(curbs, "1.1"))) == curbs


def test_an_exemption_into_another_limit_is_refused_by_name_in_1_0():
    limit = policy(CurbRule(Activity.PARKING, max_stay=240, user_classes_except=("permit_a",)))
    behind = policy(CurbRule(Activity.PARKING, max_stay=1440), name=OTHER_ID, priority=30)
    with pytest.raises(CurbLosses, match=f"falls under policy {OTHER_ID}"):
        write_cds(one_zone(limit, behind), "1.0")


def test_weeks_of_the_month_are_days_of_the_month_in_1_0():
    span = TimeSpan(days=frozenset({1}), weeks_of_month=frozenset({1, 5}), start=time(8), end=time(10))
    curbs = one_zone(policy(CurbRule(Activity.NO_PARKING), spans=[span]))
    (written,) = write_cds(curbs, "1.0")["policies"]["data"]["policies"][0]["time_spans"]
    assert written["days_of_month"] == [*range(1, 8), 29, 30, 31]
    assert read_cds(through_json(write_cds(curbs, "1.0"))) == curbs


def test_each_version_says_except_holidays_in_its_own_way():
    span = TimeSpan(days=WEEKDAYS, period="holidays", period_except=True)
    curbs = one_zone(policy(CurbRule(Activity.PARKING, max_stay=60), spans=[span]))
    days = ["mon", "tue", "wed", "thu", "fri"]
    (old,) = write_cds(curbs, "1.0")["policies"]["data"]["policies"][0]["time_spans"]
    assert old == {"days_of_week": days, "designated_period": "holidays", "designated_period_except": True}
    new = write_cds(curbs, "1.1")["policies"]["data"]["policies"][0]["time_spans"]
    assert new == [{"days_of_week": days}, {"designated_period": "holidays", "designated_period_except": True}]
    for version in ("1.0", "1.1"):
        assert read_cds(through_json(write_cds(curbs, version))) == curbs


def test_an_exception_that_would_take_from_another_span_is_refused_by_name_in_1_1():
    spans = [TimeSpan(days=WEEKDAYS, period="holidays", period_except=True), TimeSpan(end=time(9))]
    curbs = one_zone(policy(CurbRule(Activity.PARKING, max_stay=60), spans=spans))
    with pytest.raises(CurbLosses, match="another"):
        write_cds(curbs, "1.1")
    assert read_cds(through_json(write_cds(curbs, "1.0"))) == curbs


def test_what_is_ours_stands_in_custom_attributes_of_1_1_and_is_named_as_left_out_of_1_0():
    curbs = one_zone()
    zone = replace(curbs.zones[0], resolution="2026-41", extra={"custom_attributes": {"kiosk": "K-1"}})
    curbs = replace(curbs, zones=(zone,))
    written = write_cds(curbs, "1.1")["zones"]["data"]["zones"][0]
    assert written["custom_attributes"] == {"kiosk": "K-1", "resolution": "2026-41"}
    again = read_cds(through_json(write_cds(curbs, "1.1"))).zones[0]
    assert again == zone and again.extra == zone.extra
    assert "custom_attributes" not in write_cds(curbs, "1.0")["zones"]["data"]["zones"][0]
    assert {loss.field for loss in left_out(curbs, "1.0")} == {"kiosk", "resolution"}


def test_a_line_is_a_strip_in_1_0_and_a_line_in_1_1():
    curbs = one_zone()
    line = replace(curbs.zones[0], geometry=LineString([(-122.31, 37.9), (-122.309, 37.9)]), width_cm=240)
    curbs = replace(curbs, zones=(line,))
    assert read_cds(through_json(write_cds(curbs, "1.1"))) == curbs
    assert write_cds(curbs, "1.0")["zones"]["data"]["zones"][0]["geometry"]["type"] == "Polygon"


def test_a_version_that_does_not_exist_is_not_written():
    with pytest.raises(ValueError, match="is not written here"):
        write_cds(CurbSet(), "2.0")


def test_the_envelope_tells_version_time_zone_and_the_latest_change():
    envelope = write_cds(one_zone(policy(FREE)), "1.1")["zones"]
    assert envelope["version"] == "1.1" and envelope["time_zone"] == "America/Los_Angeles"
    assert envelope["last_updated"] == 1_700_000_000_000 and envelope["currency"] == "USD"
