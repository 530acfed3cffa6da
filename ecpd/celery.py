"""The Celery application. Rows are the truth; the broker only wakes a worker (docs/architecture.md)."""

import os

from celery import Celery
from celery.signals import task_prerun, task_received, worker_ready
from django.db import close_old_connections

from ecpd.broker import mend_acknowledging

os.environ.setdefault("ECPD_PROCESS", "worker")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")

mend_acknowledging()
app = Celery("ecpd")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_after_hearing(sender, **kwargs) -> None:
    """A worker that goes deaf ends (ecpd.broker)."""
    from ecpd.broker import watch_hearing

    task_received.connect(watch_hearing(sender).hear, weak=False)


@task_prerun.connect
def look_after_connections(task, **kwargs) -> None:
    """Before each task, as before a request: a connection that broke or is old enough is opened anew, others stay.

    Celery by itself would close them before and after every task (CELERY_DB_REUSE_MAX).
    """
    if not task.request.is_eager:
        close_old_connections()
