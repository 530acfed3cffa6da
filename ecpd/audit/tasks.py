"""Scheduled verification of the chain, and its anchor outside."""

from django.conf import settings

from ecpd.audit.services import ask_for_check, ask_for_stamp
from ecpd.celery import app


@app.task(name="ecpd.audit.tasks.verify_chain", ignore_result=True)
def verify_chain() -> None:
    """Ask the sealer's process for a verification; safe to run twice, each request is its own check."""
    ask_for_check()


@app.task(name="ecpd.audit.tasks.anchor_chain", ignore_result=True)
def anchor_chain() -> None:
    """Ask the sealer's process for a time stamp, where there is an authority; two requests are answered by one token."""
    if settings.TIMESTAMP_URL:
        ask_for_stamp()
