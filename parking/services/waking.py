"""Waking a worker: the rows say what is to be done, a message only says that there is something."""

import logging

from celery import Task

log = logging.getLogger(__name__)


def wake(task: Task) -> None:
    """Send a task that asks the rows. A broker that is away costs time, never rows: the sweep sends it too."""
    try:
        task.apply_async(retry=False)
    except Exception as error:
        log.warning("No worker could be woken (%s); the sweep will.", error)
