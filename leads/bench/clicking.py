"""From the click to the candidates: the form is posted, a real worker searches, the result page opens."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import Client

from cases.models import Evidence
from ecpd.accounts.models import User
from ecpd.accounts.rehearsal import sign_in
from ecpd.celery import app
from leads.models import SearchRequest

FACTS = "A measurement of how long a search takes, from the request to the list of candidates on the page."
NAME = f"bench-{os.getpid()}@worker"
PAUSE = 0.05  # seconds between two looks at the live panel


@contextmanager
def worker() -> Iterator[None]:
    """A worker of its own, idle and warm."""
    command = [
        sys.executable, "-m", "celery", "-A", "ecpd.celery", "worker", "--concurrency", "1", "--hostname", NAME,
        "--loglevel", "ERROR", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    environment = os.environ | {"ECPD_MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not app.control.ping(destination=[NAME], timeout=1.0):
            if process.poll() is not None:
                raise RuntimeError("The worker did not start; see what `make run` logs.")
        yield
    finally:
        process.terminate()
        process.wait(30)


def click(user: User, probe: Evidence) -> tuple[float, dict]:
    """(seconds from the click to the rendered result, the worker's own milliseconds by stage)."""
    browser = Client(SERVER_NAME="127.0.0.1")
    sign_in(browser, user)
    answers = {"face": "A", "purpose": "suspect", "offense": "120", "facts": FACTS, "no_forbidden_ground": "on",
               "justification": "A measurement.", "send": "yes"}  # fmt: skip
    page = f"/cases/{probe.case.case_number}/searches/new/?evidence={probe.number}"
    begun = time.perf_counter()
    sent = browser.post(page, answers)
    if sent.status_code != 302:
        raise RuntimeError(f"The request was not taken: {sent.status_code}.")
    page = sent.headers["Location"]
    while "HX-Refresh" not in browser.get(f"{page}progress/", headers={"X-ECPD-Poll": "1"}):
        time.sleep(PAUSE)
    browser.get(page)
    took = time.perf_counter() - begun
    search = SearchRequest.objects.get(number=page.strip("/").rsplit("/", 1)[-1])
    if search.state != search.State.DONE:
        raise RuntimeError(f"The search ended as {search.state}: {search.error}")
    return took, search.timings
