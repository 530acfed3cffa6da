"""The Celery application. Rows are the truth; the broker only wakes a worker (docs/architecture.md)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")

app = Celery("ecpd")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
