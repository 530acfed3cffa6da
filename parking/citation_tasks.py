"""Celery tasks of citations: thin and idempotent."""

from django.db import InterfaceError, OperationalError

from ecpd.celery import app


@app.task(
    name="parking.citation_tasks.night",
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=30,
    max_retries=5,
)
def night() -> dict[str, int]:
    """Delinquent notices and late fees of the day; running it twice does nothing twice."""
    from parking.services.citation_nightly import run_night

    return run_night()
