"""The Curbs API as the specification says: versions, errors, queries, pages."""

import pytest

from parking.curbs.cds import read_cds
from parking.curbs.types import Activity, CurbPolicy, CurbRule
from parking.services import zone as zones
from tests.factories import parking as make

pytestmark = pytest.mark.django_db
BASE = "/api/parking/curbs/"


@pytest.fixture
def agency():
    """A street with two zones."""
    made = make.agency()
    made.zones = make.street(made.manager)
    return made


def get(client, path: str, accept: str = "", **query):
    """Without a sign-in, as anybody."""
    return client.get(BASE + path, query, headers={"Accept": accept} if accept else {})


def test_zones_and_policies_are_open_and_read_back_as_the_same_rules(agency, client):
    answers = [get(client, kind) for kind in ("zones", "policies", "areas", "spaces")]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer["Content-Type"] for answer in answers} == {"application/vnd.cds+json;version=1.0"}
    curbs = read_cds([answer.json() for answer in answers])
    assert {zone.id for zone in curbs.zones} == {make.EAST, make.WEST}


@pytest.mark.parametrize(
    ("accept", "status", "version"),
    [("", 200, "1.0"), ("application/json", 200, "1.0"), ("application/vnd.cds+json;version=1.1", 200, "1.1"),
     ("application/vnd.cds+json; version=1.0", 200, "1.0"), ("application/vnd.cds+json;version=2.0", 406, "1.0"),
     ("application/vnd.cds+json;version=2.0, application/vnd.cds+json;version=1.1", 200, "1.1")],
)  # fmt: skip
def test_the_accept_header_chooses_the_version(agency, client, accept, status, version):
    answer = get(client, "zones", accept)
    assert answer.status_code == status
    assert answer["Content-Type"] == f"application/vnd.cds+json;version={version}"
    if status == 406:
        assert set(answer.json()) == {"error", "error_description", "error_details"}


def test_objects_are_not_implemented(agency, client):
    assert get(client, "objects").status_code == 501


def test_one_zone_by_its_id_and_none_for_another(agency, client):
    assert get(client, f"zones/{make.EAST}").json()["data"]["zones"][0]["curb_zone_id"] == make.EAST
    assert get(client, "zones/99999999-9999-4999-8999-999999999999").status_code == 404


def ids(answer) -> list[str]:
    """The zones of an answer, in order."""
    return [zone["curb_zone_id"] for zone in answer.json()["data"]["zones"]]


def test_zones_are_found_round_a_place_the_nearest_first(agency, client):
    flat = make.Projection(make.LAT, make.LON)
    lon, lat = flat.to_degrees(5.0, 60.0)
    assert ids(get(client, "zones", lat=lat, lng=lon, radius=5000)) == [make.EAST, make.WEST]
    assert ids(get(client, "zones", lat=lat, lng=lon, radius=300)) == [make.EAST]


def test_zones_are_found_in_a_window(agency, client):
    window = {"min_lat": 37.899, "max_lat": 37.902, "min_lng": make.LON, "max_lng": make.LON + 0.001}
    assert ids(get(client, "zones", **window)) == [make.EAST]


@pytest.mark.parametrize("query", [{"lat": 1}, {"min_lat": 1, "max_lat": 2}, {"lat": "x", "lng": 1, "radius": 1},
                                   {"time": "nan"}, {"page": 7}])  # fmt: skip
def test_half_a_query_is_refused_in_the_specifications_shape(agency, client, query):
    answer = get(client, "zones", **query)
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_param"


def test_geometry_can_be_left_out(agency, client):
    assert "geometry" not in get(client, "zones", include_geometry="false").json()["data"]["zones"][0]


def test_an_ended_zone_is_shown_only_when_history_is_asked_for(agency, client):
    zones.end_zone(zone=agency.zones["east"], actor=agency.manager, reason="The curb became a bus stop.")
    assert ids(get(client, "zones")) == [make.WEST]
    assert set(ids(get(client, "zones", show_historic="true"))) == {make.EAST, make.WEST}


def test_policies_are_narrowed_by_their_ids(agency, client):
    other = "99999999-9999-4999-8999-999999999999"
    assert (
        len(
            get(client, "policies", "application/vnd.cds+json;version=1.1", ids=make.FOUR_HOURS).json()["data"][
                "policies"
            ]
        )
        == 1
    )
    assert get(client, "policies", ids=other).json()["data"]["policies"] == []


def test_a_long_list_comes_in_pages(agency, client, monkeypatch):
    monkeypatch.setattr("parking.api.curbs.PAGE", 1)
    first = get(client, "zones").json()
    assert first["links"]["prev"] is None
    second = client.get(first["links"]["next"]).json()
    assert second["links"]["next"] is None
    assert first["data"]["zones"] != second["data"]["zones"]


def test_rules_that_a_version_cannot_say_are_answered_in_the_specifications_shape(agency, client):
    rules = (CurbRule(Activity.NO_PARKING, user_classes_except=("permit-A",)), CurbRule(Activity.PARKING))
    told = CurbPolicy("77777777-7777-4777-8777-777777777777", 20, rules, published_ms=make.PUBLISHED)
    zones.change_rules(zone=agency.zones["east"], actor=agency.manager, policies=[told], resolution="2026-50")
    answer = get(client, "zones")
    assert answer.status_code == 406
    assert told.id in answer.json()["error_description"]
    assert "Ask for version 1.1" in answer.json()["error_description"]
    assert get(client, "zones", "application/vnd.cds+json;version=1.1").status_code == 200
