"""Tables of curb rules read by a mapping of columns."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.curbs.cds import read_cds, write_cds
from parking.curbs.columns import DATASF, Reading, read_csv, read_geojson
from parking.curbs.columns.signs import Unreadable, clock_of, days_of, minutes_of
from parking.curbs.faults import CurbFaults
from parking.curbs.inforce import rule_at
from parking.curbs.types import Activity, CurbRule, TimeSpan
from parking.curbs.words import policy_words
from tests.parking.curbs.strategies import LOS_ANGELES

READING = Reading(source="test", published_ms=1_700_000_000_000)
MAPPING = {"regulation": "rule", "days": "days", "begin": "from", "end": "to", "limit": "limit", "wkt": "place"}
PLACE = "LINESTRING (-122.30 37.90, -122.30 37.901)"
HEADER = "rule,days,from,to,limit,place\n"


def row(rule="Time limited", days="M-F", begin="700", end="1800", limit="4", place=PLACE) -> str:
    return f'{rule},"{days}",{begin},{end},{limit},"{place}"\n'


def faults_of(text: str, mapping=MAPPING, reading=READING) -> list[tuple[str, str]]:
    with pytest.raises(CurbFaults) as error:
        read_csv(text, mapping, reading)
    return [(fault.feature, fault.field) for fault in error.value.faults]


def datasf_feature(line_x: float = 0, **values: str | None) -> dict:
    told = {"objectid": "1", "regulation": "Time limited", "days": "M-F", "hrs_begin": "800", "hrs_end": "1800"}
    told |= {"hrlimit": "2", "rpparea1": "A", "rpparea2": None, "rpparea3": None}
    lines = [[[-122.4 + line_x, 37.7], [-122.4 + line_x, 37.701]]]
    geometry = {"type": "MultiLineString", "coordinates": lines}
    return {"type": "Feature", "properties": {**told, **values}, "geometry": geometry}


def test_a_limit_of_san_franciscos_shape_is_read():
    features = {"type": "FeatureCollection", "features": [datasf_feature()]}
    curbs = read_geojson(features, DATASF, READING)
    assert (
        policy_words(curbs.policies[0])
        == "2 hours, Monday to Friday 8:00 am to 6:00 pm, except permit holders (Area A)"
    )
    assert curbs.zones[0].geometry.geom_type == "Polygon" and curbs.zones[0].length_cm == pytest.approx(11100, abs=20)


def test_the_names_of_columns_are_read_whatever_their_case():
    feature = datasf_feature()
    feature["properties"] = {name.upper(): value for name, value in feature["properties"].items()}
    assert read_geojson({"features": [feature]}, DATASF, READING).policies


def test_a_row_of_csv_is_read():
    curbs = read_csv(HEADER + row(), MAPPING, READING)
    assert policy_words(curbs.policies[0]) == "4 hours, Monday to Friday 7:00 am to 6:00 pm"


def test_a_place_may_be_two_columns_or_four():
    mapping = {"limit": "h", "longitude": "x", "latitude": "y", "longitude_end": "x2", "latitude_end": "y2"}
    text = "h,x,y,x2,y2\n2,-122.30,37.90,,\n2,-122.31,37.90,-122.31,37.901\n"
    point, line = read_csv(text, mapping, READING).zones
    assert point.length_cm == pytest.approx(600, abs=5) and line.length_cm == pytest.approx(11100, abs=20)


def test_rows_of_one_place_are_one_zone_and_the_prohibition_wins():
    sweeping = row("Street sweeping", "1st & 3rd Tue", "8am", "10am", "")
    curbs = read_csv(HEADER + row() + sweeping, MAPPING, READING)
    assert len(curbs.zones) == 1 and len(curbs.zones[0].policy_ids) == 2
    swept = rule_at(curbs.policies, datetime(2026, 11, 17, 9, tzinfo=LOS_ANGELES), LOS_ANGELES)
    assert swept.activity is Activity.NO_PARKING
    assert rule_at(curbs.policies, datetime(2026, 11, 10, 9, tzinfo=LOS_ANGELES), LOS_ANGELES).max_stay == 240


def test_rows_that_contradict_each_other_are_a_fault():
    assert faults_of(HEADER + row() + row(limit="2")) == [("row 3", "rule")]


def test_the_same_rule_at_two_places_is_one_policy():
    curbs = read_csv(HEADER + row() + row(place="LINESTRING (-122.31 37.90, -122.31 37.901)"), MAPPING, READING)
    assert len(curbs.zones) == 2 and len(curbs.policies) == 1


def test_ids_are_the_same_at_every_reading_and_others_for_another_source():
    text = HEADER + row()
    once, twice = (read_csv(text, MAPPING, READING) for _ in range(2))
    other = read_csv(text, MAPPING, Reading(source="other", published_ms=1_700_000_000_000))
    assert once == twice and once.zones[0].id != other.zones[0].id


def test_what_a_table_says_goes_out_as_cds_and_comes_back():
    curbs = read_csv(HEADER + row() + row("Street sweeping", "1st & 3rd Tue", "8am", "10am", ""), MAPPING, READING)
    assert read_cds(list(write_cds(curbs, "1.0").values())) == curbs


def test_hours_past_midnight_are_two_spans():
    (policy,) = read_csv(HEADER + row("No overnight parking", "F", "10 pm", "6 am", ""), MAPPING, READING).policies
    assert policy.spans == (TimeSpan(days=frozenset({4}), start=time(22)), TimeSpan(days=frozenset({5}), end=time(6)))


def test_holidays_are_excepted_if_the_reader_is_told_so():
    reading = Reading(source="test", published_ms=1_700_000_000_000, except_holidays=True)
    (policy,) = read_csv(HEADER + row(), MAPPING, reading).policies
    assert policy.spans[0].period == "holidays" and policy.spans[0].period_except


def test_local_words_for_regulations_may_be_added():
    reading = Reading(
        source="test",
        published_ms=1_700_000_000_000,
        regulations={"red curb": CurbRule(Activity.NO_STOPPING, name="red curb")},
    )
    (policy,) = read_csv(HEADER + row("Red  Curb", "", "", "", ""), MAPPING, reading).policies
    assert policy_words(policy) == "No stopping at all times (red curb)"


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (row("Resting"), "rule"),
        (row(days="S-S"), "days"),
        (row(days="Someday"), "days"),
        (row(begin="2560"), "from"),
        (row(end="noonish"), "to"),
        (row(limit=""), "limit"),
        (row(limit="long"), "limit"),
        (row(place=""), "place"),
        (row(place="POINT EMPTY"), "place"),
        (row(place="LINESTRING (1 1, 1 1)"), "place"),
        (row(place="LINESTRING (558000 4190000, 558001 4190000)"), "place"),
        (row("Limited no parking", "M-F", "", "", ""), "from"),
        (row("Street sweeping", "1st Tue", "22:00", "06:00", ""), "to"),
    ],
)
def test_a_bad_row_is_told_by_its_number_and_column(bad, field):
    assert ("row 3", field) in faults_of(HEADER + row(place="LINESTRING (-122.31 37.90, -122.31 37.901)") + bad)


def test_every_bad_row_is_told_and_none_is_imported():
    assert [feature for feature, _ in faults_of(HEADER + row("x") + row() + row("y"))] == ["row 2", "row 4"]


def test_a_column_that_is_not_there_and_a_field_that_is_not_ours_are_told():
    found = faults_of(HEADER + row(), {**MAPPING, "street": "strasse", "mood": "days"})
    assert ("header", "strasse") in found and ("mapping", "mood") in found


@pytest.mark.parametrize("text", ["", HEADER, "\ufeff"])
def test_a_table_without_rows_is_a_fault(text):
    assert ("document", "rows") in faults_of(text)


@pytest.mark.parametrize("junk", [None, [], {}, {"features": 3}])
def test_what_is_no_feature_collection_is_a_fault(junk):
    with pytest.raises(CurbFaults):
        read_geojson(junk, DATASF, READING)


def test_features_that_are_none_are_told_by_their_number():
    with pytest.raises(CurbFaults) as error:
        read_geojson({"features": [datasf_feature(), None, datasf_feature(0.1, hrlimit="x")]}, DATASF, READING)
    assert {fault.feature for fault in error.value.faults} == {"feature 2", "feature 3"}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("M-F", range(5)), ("Mon-Sat", range(6)), ("Mon thru Fri", range(5)), ("Monday through Friday", range(5)),
        ("M-Sa", range(6)), ("Sa-Su", (5, 6)), ("Sat & Sun", (5, 6)), ("M, W, F", (0, 2, 4)), ("MWF", (0, 2, 4)),
        ("TTh", (1, 3)), ("T-Th", (1, 2, 3)), ("Tu/Th", (1, 3)), ("Fri-Mon", (4, 5, 6, 0)), ("F - M", (4, 5, 6, 0)),
        ("Weekdays", range(5)), ("weekends", (5, 6)), ("Daily", ()), ("Everyday", ()), ("", ()), ("M-Su", ()),
        ("Mondays and Thursdays", (0, 3)), ("Tue. – Thu.", (1, 2, 3)),
    ],
)  # fmt: skip
def test_days_are_read_as_signs_write_them(text, days):
    assert days_of(text) == (frozenset(days), frozenset())


@pytest.mark.parametrize(
    ("text", "days", "weeks"),
    [("1st & 3rd Tuesday", (1,), (1, 3)), ("2nd and 4th Tue, Thu", (1, 3), (2, 4)), ("1st Mon-Wed", (0, 1, 2), (1,))],
)
def test_weeks_of_the_month_are_read(text, days, weeks):
    assert days_of(text) == (frozenset(days), frozenset(weeks))


@pytest.mark.parametrize("text", ["S", "S-S", "M-X", "Holidays", "&", "M F Q"])
def test_days_that_are_not_certain_are_refused(text):
    with pytest.raises(Unreadable):
        days_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("700", time(7)), ("1800", time(18)), ("0", time()), ("2400", time()), ("7", time(7)), ("7am", time(7)),
     ("12 am", time()), ("12pm", time(12)), ("6:30 p.m.", time(18, 30)), ("18:05", time(18, 5)), ("noon", time(12)),
     ("Midnight", time()), ("700.0", time(7)), ("0930", time(9, 30))],
)  # fmt: skip
def test_times_are_read_as_tables_write_them(text, expected):
    assert clock_of(text) == expected


@pytest.mark.parametrize("text", ["", "2500", "1860", "13 pm", "0 am", "24:30", "seven", "30:00", "70", "-5"])
def test_times_that_are_none_are_refused(text):
    with pytest.raises(Unreadable):
        clock_of(text)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("4", "hour", 240), ("0.5", "hour", 30), ("30", "minute", 30), ("2 hr", "minute", 120), ("90 minutes", "hour", 90),
     ("1/2 hour", "hour", 30), ("2HRS.", "hour", 120), ("3 days", "hour", 4320), ("0.25", "hour", 15)],
)  # fmt: skip
def test_limits_are_read_in_their_unit(text, unit, expected):
    assert minutes_of(text, unit) == expected


@pytest.mark.parametrize("text", ["", "two", "2 moons", "0", "1/0", "-1"])
def test_limits_that_are_none_are_refused(text):
    with pytest.raises(Unreadable):
        minutes_of(text)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_never_an_accident(text):
    for parse in (days_of, clock_of, minutes_of):
        try:
            parse(text)
        except Unreadable as error:
            assert str(error)


@given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), min_size=1, max_size=3))
def test_any_table_is_read_or_refused_row_by_row(rows):
    text = HEADER + "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    with pytest.raises(CurbFaults):  # no text of twelve letters is a place
        read_csv(text, MAPPING, READING)
