"""Celery tasks of permits: thin and idempotent."""

from django.db import InterfaceError, OperationalError

from ecpd.celery import app


@app.task(
    name="parking.permit_tasks.night",
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=30,
    max_retries=5,
)
def night() -> dict[str, int]:
    """Reminders of permits that end soon; running it twice sends nothing twice."""
    from parking.services.permit_reminder import run_night

    return run_night()
