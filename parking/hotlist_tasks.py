"""Celery tasks of hotlists: thin and idempotent."""

from django.db import InterfaceError, OperationalError

from ecpd.celery import app


@app.task(
    name="parking.hotlist_tasks.raise_hits",
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=5,
    max_retries=5,
)
def raise_hits() -> int:
    """Raise hits that a worker left behind; nothing when none waits."""
    from parking.services.hotlist_watch import raise_hits as raise_waiting

    return raise_waiting()
