"""Whatever JSON a device sends, a parser answers with a Parsed or raises BadBatch; every item is accounted for."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.ingest.batch import read_batch
from parking.ingest.errors import BadBatch
from parking.ingest.parsed import DeviceSettings, Parsed
from parking.ingest.platerecognizer import read_platerecognizer
from parking.ingest.rekor import read_rekor
from parking.ingest.sharpv import read_sharpv
from tests.parking.ingest.given import RECEIVED, item, sample

SETTINGS = DeviceSettings(time_zone="America/Los_Angeles", camera_sides={"2": "R", "1": 7})
PARSERS = {
    "canonical": lambda body: read_batch(body, received_at=RECEIVED),
    "rekor": lambda body: read_rekor(body, received_at=RECEIVED, settings=SETTINGS),
    "platerecognizer": lambda body: read_platerecognizer(body, received_at=RECEIVED, settings=SETTINGS),
    "sharpv": lambda body: read_sharpv(body, received_at=RECEIVED, settings=SETTINGS),
}
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**4000), "2026-11-24T17:30:00Z", "2026-11-24T09:30:00", "8ABC123", "us-ca", "-"])
    | st.floats()
    | st.text(max_size=30)
    | st.text(string.printable, max_size=200)
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
)


def outcome(parser, body):
    try:
        return parser(body)
    except BadBatch as refused:
        assert refused.code
        assert str(refused)
        return None


def known_keys(value):
    """All keys that occur in a sample, however deep."""
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from known_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from known_keys(inner)


def places(value, path=()):
    """The paths to everything inside a sample."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*path, key)
        yield from places(inner, (*path, key))


def spoiled(payload, damage):
    """The payload with what stands at some of its places replaced."""
    for path, value in damage:
        *outer, last = path
        holder = payload
        for key in outer:
            holder = holder[key] if isinstance(holder, dict | list) and has(holder, key) else None
        if isinstance(holder, dict | list) and has(holder, last):
            holder[last] = value
    return payload


def has(holder, key):
    return key in holder if isinstance(holder, dict) else isinstance(key, int) and key < len(holder)


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
@given(body=anything)
def test_any_json_is_parsed_or_refused_as_no_batch(parser, body):
    assert isinstance(outcome(parser, body), Parsed | None)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("canonical", "canonical_batch"),
        ("rekor", "rekor_group"),
        ("rekor", "rekor_alert"),
        ("rekor", "rekor_results"),
        ("rekor", "rekor_heartbeat"),
        ("platerecognizer", "platerecognizer_plate"),
        ("platerecognizer", "platerecognizer_vehicle"),
        ("sharpv", "sharpv_local_time"),
        ("sharpv", "sharpv_unknown"),
    ],
)
@given(data=st.data())
def test_a_payload_spoiled_anywhere_is_parsed_or_refused_as_no_batch(name, payload, data):
    paths = st.sampled_from(sorted(places(sample(payload)), key=str))
    damage = data.draw(st.lists(st.tuples(paths, anything), min_size=1, max_size=5))
    parsed = outcome(PARSERS[name], spoiled(sample(payload), damage))
    for _, read in parsed.reads if parsed else ():
        assert read.captured_at.utcoffset().total_seconds() == 0
        assert 0 < len(read.device_seq) <= 80
        assert read.plate or read.images


@given(st.lists(anything | st.builds(item, device_seq=st.integers(0, 5) | anything, plate=anything), max_size=12))
def test_every_item_of_a_batch_is_accounted_for_exactly_once(items):
    parsed = read_batch(items, received_at=RECEIVED)
    indexes = [index for index, _ in parsed.reads + parsed.repeated] + [one.index for one in parsed.rejected]
    assert sorted(indexes) == list(range(len(items)))
    assert len({read.device_seq for _, read in parsed.reads}) == len(parsed.reads)


@given(st.dictionaries(st.sampled_from(sorted(set(known_keys(sample("canonical_batch"))))), anything))
def test_known_fields_with_any_values_never_leave_a_text_that_the_database_refuses(changes):
    for _, read in read_batch([item(**changes)], received_at=RECEIVED).reads:
        texts = [read.device_seq, read.plate, read.state, read.vehicle.make, read.raw_id, read.source_format]
        assert all("\x00" not in text and text.encode("utf-8") is not None for text in texts)
        assert json.dumps(read.confidence, allow_nan=False)
