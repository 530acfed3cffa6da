"""Scheduled verification of the chain."""

from ecpd.audit.services import ask_for_check
from ecpd.celery import app


@app.task(name="ecpd.audit.tasks.verify_chain", ignore_result=True)
def verify_chain() -> None:
    """Ask the sealer's process for a verification; safe to run twice, each request is its own check."""
    ask_for_check()
