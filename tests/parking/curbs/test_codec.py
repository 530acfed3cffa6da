"""How rows keep policies loses nothing."""

import json
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from parking.curbs.codec import fingerprint, policy_from_json, to_json
from parking.curbs.types import CurbPolicy, TimeSpan
from tests.parking.curbs.strategies import LOS_ANGELES, curb_policies


@settings(max_examples=150, deadline=None)
@given(curb_policies())
def test_a_policy_comes_back_from_json_as_it_was(policy):
    assert policy_from_json(json.loads(json.dumps(to_json(policy)))) == policy


def test_a_span_that_begins_at_a_moment_keeps_its_moment():
    span = TimeSpan(start_date=datetime(2026, 11, 24, 10, 30, tzinfo=LOS_ANGELES))
    policy = CurbPolicy("p", 1, (), (span,))
    assert policy_from_json(json.loads(json.dumps(to_json(policy)))) == policy


@given(st.lists(st.integers(1, 31), unique=True, min_size=2))
def test_the_same_content_has_the_same_fingerprint_however_it_was_put_together(days):
    forward, backward = (TimeSpan(days_of_month=frozenset(order)) for order in (days, days[::-1]))
    assert fingerprint(forward) == fingerprint(backward)
    assert fingerprint(forward) != fingerprint(TimeSpan(days_of_month=frozenset(days[1:])))
