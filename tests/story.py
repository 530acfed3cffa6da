"""What the tests of one module begin with, built once: each gets a copy of it, and the database is as it was for each.

A module says in one fixture what it begins with, and hands out copies:

    @pytest.fixture(scope="module")
    def begun(kept):
        people = make.agency()
        return people, make.made_lead(people)

    @pytest.fixture
    def story(begun):
        return copy_of(begun)

Tests that need a database of their own (`transaction=True`, a worker, a browser) begin for themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.db import connection, transaction

copy_of = deepcopy  # of all at once: what was one object stays one
OF_ITS_OWN = {"transactional_db", "live_server", "django_db_reset_sequences"}


@contextmanager
def rolled_back() -> Iterator[None]:
    """Nothing stays. As in Django's own test cases, a policy door may be the outermost transaction inside."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def kept(request, django_db_setup, django_db_blocker) -> Iterator[None]:
    """What a module's fixtures write under it stays for the module's tests, and goes with the last of them."""
    others = [item.name for item in request.session.items if item.module is request.module and _wants_its_own(item)]
    assert not others, f"These tests empty the database, and so what the module begins with: {others}"
    with django_db_blocker.unblock(), rolled_back():
        yield


def _wants_its_own(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool((marker and marker.kwargs.get("transaction")) or OF_ITS_OWN & set(item.fixturenames))


def settle() -> None:
    """What is asked at the end of a transaction is asked now, once, and not again at the end of each test."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
