"""The planner knows what the functions of the matter cost: it finds the matter first, then asks (measured in leads.bench)."""

import pytest
from django.db import connection

from leads.models.costs_v1 import COSTS

pytestmark = pytest.mark.django_db
SQL = """SELECT p.oid::regprocedure::text, p.procost, CASE WHEN p.proretset THEN p.prorows END
    FROM pg_proc p WHERE p.proname = ANY (%s)"""


def test_each_function_has_the_cost_that_it_is_said_to_have():
    """A new version of one is created with the cost of an addition; whoever writes it must say the cost again."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [[signature.split("(")[0] for signature in COSTS]])
        held = {signature.replace(",", ", "): (cost, rows) for signature, cost, rows in cursor.fetchall()}
    assert held == COSTS
