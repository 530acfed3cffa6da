"""Celery tasks of abandoned vehicles: thin and idempotent."""

from django.db import InterfaceError, OperationalError

from ecpd.celery import app


@app.task(
    name="parking.abandoned_tasks.find_long_stays",
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=30,
    max_retries=5,
)
def find_long_stays() -> int:
    """Alerts for plates seen at one place for days; running it twice raises nothing twice."""
    from parking.services.abandoned_nightly import find_long_stays as find

    return find()
