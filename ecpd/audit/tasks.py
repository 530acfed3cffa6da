"""Scheduled verification of the chain."""

from ecpd.audit.verification import verify_and_record
from ecpd.celery import app


@app.task(name="ecpd.audit.tasks.verify_chain", ignore_result=True)
def verify_chain() -> None:
    """Walk the chain once; safe to run twice, each run is its own check."""
    verify_and_record()
