"""A long queue before the seal: the sealer looks at what it takes, not at all that waits."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection

from ecpd.audit.bench import FILL
from ecpd.audit.sealer import IN_ORDER, WAITING

MANY, TAKEN = 2_000, 50


@pytest.mark.django_db
def test_the_sealer_walks_the_waiting_entries_in_order_and_stops_at_the_last_it_takes():
    with connection.cursor() as cursor:
        cursor.execute(FILL, [MANY])
        cursor.execute(IN_ORDER)
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {WAITING}", [TAKEN])
        [(plan,)] = cursor.fetchall()
    [whole] = json.loads(plan) if isinstance(plan, str) else plan
    nodes = list(_nodes(whole["Plan"]))
    assert whole["Plan"]["Actual Rows"] == TAKEN
    assert {node["Actual Rows"] * node["Actual Loops"] for node in nodes} == {TAKEN}
    assert not {"Sort", "Hash Join", "Merge Join", "Seq Scan"} & {node["Node Type"] for node in nodes}


def _nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for one in plan.get("Plans", []):
        yield from _nodes(one)
