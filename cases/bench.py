"""How long the list of 10,000 cases takes on its last page. Run inside a scratch database only: cases are kept."""

import time
from typing import TextIO

from django.core.management.base import OutputWrapper
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, NibrsOffense
from cases.views.listing import PAGE
from ecpd.accounts.measuring import for_measuring
from ecpd.accounts.models import User
from ecpd.accounts.rehearsal import sign_in
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy

CASES = 10_000
YEAR = 2019
REPEATS = 10


def bench(stdout: TextIO | OutputWrapper) -> None:
    """Fill up to 10,000 cases and print the time and queries of the first page, the last page and a search."""
    captain = for_measuring("bench-captain", Role.CAPTAIN, rank="Capt.", last_name="Bench")
    _fill(captain)
    pages = -(-Case.objects.count() // PAGE)
    client = Client()
    sign_in(client, captain)
    stdout.write(f"List of {Case.objects.count():,} cases, {PAGE} a page\n")
    for words, query in (("first page", {}), ("last page", {"page": pages}), ("words", {"q": "Pine 7777"})):
        milliseconds, queries = _time(client, query)
        stdout.write(f"  {words:<12}{milliseconds:8.1f} ms{queries:4d} queries\n")


def _fill(captain: User) -> None:
    offense = NibrsOffense.objects.get(pk="220")
    now = timezone.now()
    have = Case.objects.filter(year=YEAR).count()
    cases = [
        Case(case_number=f"{YEAR % 100:02d}-{serial:06d}", year=YEAR, serial=serial, offense=offense,
             title=f"Burglary at house {serial}, Pine Street", location=f"{serial} Pine Street",
             captain=captain, opened_by=captain, last_event_at=now)
        for serial in range(have + 1, CASES + 1)
    ]  # fmt: skip
    for case in cases:
        with policy.door(captain, "case.create", case):
            case.save()


def _time(client: Client, query: dict) -> tuple[float, int]:
    """(median milliseconds, queries) of the list with these parameters."""
    taken = []
    with override_settings(ALLOWED_HOSTS=["*"]):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse("cases:list"), query)
        queries = len(asked)  # the next request empties the log
        if answer.status_code != 200:
            raise RuntimeError(f"The list of cases did not open: {answer.status_code}.")
        for _ in range(REPEATS):
            begun = time.perf_counter()
            client.get(reverse("cases:list"), query)
            taken.append(1000 * (time.perf_counter() - begun))
    return sorted(taken)[REPEATS // 2], queries
