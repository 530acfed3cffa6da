"""Celery tasks of parking: thin, idempotent; the rows say what is left to do."""

from django.db import InterfaceError, OperationalError

from ecpd.celery import app

INFRASTRUCTURE = (OperationalError, InterfaceError, OSError)


@app.task(name="parking.tasks.look_at_reads", autoretry_for=INFRASTRUCTURE, retry_backoff=1, max_retries=8)
def look_at_reads() -> None:
    """Look at every read that waits; nothing when somebody else just did. Retried when the database is away.

    What it finds another worker raises meanwhile.
    """
    from parking.services.looking import look_at_all, wake_raiser

    look_at_all(then=wake_raiser)


@app.task(name="parking.tasks.raise_findings", autoretry_for=INFRASTRUCTURE, retry_backoff=1, max_retries=8)
def raise_findings() -> None:
    """Take every finding that waits through the policy door; safe to run twice, at the same time too."""
    from parking.services.looking import raise_findings as raise_waiting

    raise_waiting()


@app.task(name="parking.tasks.read_picture", autoretry_for=INFRASTRUCTURE, retry_backoff=1, max_retries=8)
def read_picture() -> None:
    """Read one picture that waits for a second opinion, then stand in line again behind whatever came meanwhile."""
    from parking.services.second_opinion import read_next, wake_reader

    if read_next():
        wake_reader()


@app.task(name="parking.tasks.purge_plate_data", autoretry_for=INFRASTRUCTURE, retry_backoff=60, max_retries=5)
def purge_plate_data() -> None:
    """Delete what is due under the council's resolution; nothing without one. Safe to run twice."""
    from parking.services.purge import purge_nightly

    purge_nightly()


@app.task(name="parking.tasks.report_accesses", autoretry_for=INFRASTRUCTURE, retry_backoff=60, max_retries=5)
def report_accesses() -> None:
    """Publish last month's accesses in numbers, once. Safe to run every day."""
    from parking.services.access_report import report_last_month

    report_last_month()
