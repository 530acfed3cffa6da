"""A worker's connection to the database between two tasks."""

import pytest
from django.db import connection

from ecpd.celery import app, look_after_connections
from parking.tasks import look_at_reads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def before_a_task(monkeypatch):
    """What happens before a task, with connections that may grow old."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    connection.close()
    connection.ensure_connection()
    return lambda: look_after_connections(task=look_at_reads)


def test_it_stays_open(before_a_task):
    held = connection.connection
    before_a_task()
    assert connection.connection is held


def test_one_that_broke_is_opened_anew(before_a_task):
    held = connection.connection
    held.close()
    before_a_task()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert connection.connection is not held


def test_celery_itself_leaves_it_open():
    assert app.conf.get("CELERY_DB_REUSE_MAX") > 100
