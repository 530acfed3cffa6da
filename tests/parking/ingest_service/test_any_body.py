"""Whatever a reader's body holds, it is taken, refused item by item, or refused as no delivery; never an error of ours."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parking.models import Read
from tests.factories import parking as make
from tests.parking.ingest.given import sample
from tests.parking.ingest.test_any_json import places, spoiled

pytestmark = pytest.mark.django_db
ANSWERS = {200, 400}
HALF = "\ud83d"
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.text(st.characters(codec=None), max_size=8) | st.sampled_from([HALF, f"8AB{HALF}123", "a\0b", 10**400])
)  # fmt: skip
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
steady = settings(
    max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
DELIVERIES = {
    "reads": "canonical_batch", "ingest/rekor": "rekor_group", "ingest/platerecognizer": "platerecognizer_plate",
    "ingest/sharpv": "sharpv_unknown",
}  # fmt: skip


@pytest.fixture
def agency():
    """People, a published policy, a reader."""
    return make.agency()


@pytest.mark.parametrize(("at", "name"), DELIVERIES.items())
@steady
@given(data=st.data())
def test_a_delivery_spoiled_anywhere_is_taken_or_refused(agency, client, at, name, data):
    paths = st.sampled_from(sorted(places(sample(name)), key=str))
    damage = data.draw(st.lists(st.tuples(paths, anything), min_size=1, max_size=4))
    body = json.dumps(spoiled(sample(name), damage))
    answer = client.post(f"/api/parking/{at}/{agency.token}", body, content_type="application/json")
    assert answer.status_code in ANSWERS, answer.content


@pytest.mark.parametrize("at", DELIVERIES)
@steady
@given(text=st.binary(max_size=40) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_taken_or_refused(agency, client, at, text):
    answer = client.post(f"/api/parking/{at}/{agency.token}", text, content_type="application/json")
    assert answer.status_code in ANSWERS, answer.content


@pytest.mark.parametrize("at", DELIVERIES)
def test_json_without_end_is_refused(agency, client, at):
    answer = client.post(f"/api/parking/{at}/{agency.token}", "[" * 200_000, content_type="application/json")
    assert answer.status_code == 400
    assert "nested too deeply" in answer.json()["detail"]


@pytest.mark.parametrize(
    "text", ["[" * 200_000, '{"hook": NaN}', f'"{HALF}"'.encode("utf-16", "surrogatepass"), "no JSON"]
)
def test_a_forms_json_is_taken_or_refused(agency, client, text):
    answer = client.post(f"/api/parking/ingest/platerecognizer/{agency.token}", {"json": text})
    assert answer.status_code == 400


def test_half_a_character_costs_one_item_and_not_the_delivery(agency, client):
    body = json.dumps(make.batch(make.item("a-1"), make.item("a-2", plate=f"8AB{HALF}C"), make.item("a-3")))
    assert HALF not in body  # it travels as an escape
    answer = client.post(f"/api/parking/reads/{agency.token}", body, content_type="application/json").json()
    assert [item["status"] for item in answer["items"]] == ["accepted", "rejected", "accepted"]
    assert set(Read.objects.values_list("device_seq", flat=True)) == {"a-1", "a-3"}
