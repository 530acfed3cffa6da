"""Every page as every role in a busy database: queries and time. Run inside a scratch database only: rows are kept."""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, TextIO
from urllib.parse import urljoin, urlsplit

from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import OutputWrapper
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import resolve

from ecpd.accounts.rehearsal import sign_in
from ecpd.audit.models import AuditEvent, Conduct
from ecpd.policy.models import Decision

LOG = 100_000
MOST_QUERIES = 15
# The captain's page puts the whole packet together from what is there now and asks who had a part in it; opening the
# packet reads all of it anew under the door's lock, and keeps that (FR-13).
# With counts beside the filters Django reads the accounts that one of them offers anew for each: 15, and the session is
# sometimes written besides.
MORE_QUERIES = {
    "cases:detail": 17,  # whose lists are kept from this person is asked besides (FR-08)
    "home": 17,  # a parking manager's, for whom most kinds of work wait; nobody else asks more than 13
    # What came before for the face is asked of the database, each question by itself (FR-24).
    "leads:application-detail": 96,
    "leads:application-packet": 71,  # the whole matter, each part by itself; an approved one has its steps besides
    "leads:application-packet?": 71,
    "leads:lead-detail": 34,
    "leads:lead-print": 34,
    "leads:candidate": 33,
    "leads:search-request?": 19,
    "admin:parking_platequery_changelist?": 16,
}
EACH = 4  # addresses opened of every kind of page, by every person
SLOWEST = 12
TRANSACTION = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b")

MORE_EVENTS = """
INSERT INTO audit_conduct (actor_id, actor_label, action, subject_type, subject_id, subject_label, case_number, detail)
SELECT actor_id, actor_label, action, subject_type, subject_id, subject_label, case_number, detail
FROM audit_conduct, generate_series(1, %s) LIMIT %s
"""
MORE_DECISIONS = """
INSERT INTO policy_decision (at, actor_id, action, subject_type, subject_id, subject_label, case_number, outcome,
                             verdicts, justification, parameters, manual_version_id)
SELECT clock_timestamp(), actor_id, action, subject_type, subject_id, subject_label, case_number, outcome, verdicts,
       justification, parameters, manual_version_id
FROM policy_decision, generate_series(1, %s) LIMIT %s
"""


@dataclass(frozen=True)
class Visit:
    """One page opened: its kind (the name in the URL map), who looked, queries and milliseconds."""

    kind: str
    address: str
    person: str
    queries: int
    milliseconds: float
    is_page: bool  # and not a picture, a PDF or an export


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        wanted = {"a": ("href", "hx-get"), "link": ()}.get(tag, ("hx-get",))
        self.found += [value for name, value in attributes if name in wanted and value]


def fill_log(rows: int = LOG) -> None:
    """Repeat what stands in the audit chain and among the decisions until each has `rows` rows."""
    for model, more in ((Conduct, MORE_EVENTS), (Decision, MORE_DECISIONS)):
        missing = rows - model._default_manager.count()
        if missing > 0:
            with connection.cursor() as cursor:
                cursor.execute(more, [missing, missing])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_auditevent; ANALYZE audit_conduct; ANALYZE policy_decision")


def bench(people: Iterable[AbstractBaseUser], stdout: TextIO | OutputWrapper) -> list[Visit]:
    """Follow every link as every person, print the pages with most queries and most time, return every visit.

    Raises RuntimeError when a page fails or asks the database more than 15 times (`MORE_QUERIES` lists who may).
    """
    with override_settings(ALLOWED_HOSTS=["*"]):
        warm: set[str] = set()
        visits = [visit for person in people for visit in crawl(person, warm)]
    kinds = {visit.kind for visit in visits}
    people_seen = {visit.person for visit in visits}
    stdout.write(
        f"Every page by its links: {len(visits)} opened, {len(kinds)} kinds, {len(people_seen)} people; "
        f"{AuditEvent.objects.count():,} audit entries, {Decision.objects.count():,} decisions\n"
    )
    for words, key in (("most queries", lambda v: v.queries), ("most time", lambda v: v.milliseconds)):
        stdout.write(f"  {words}\n")
        for visit in _worst(visits, key):
            stdout.write(
                f"    {visit.kind:<38}{visit.queries:3d} queries{visit.milliseconds:8.1f} ms  {visit.person}\n"
            )
    over: dict[str, int] = {}
    for visit in visits:
        if visit.is_page and visit.queries > _most(visit.kind):
            over[visit.kind] = max(visit.queries, over.get(visit.kind, 0))
    if over:
        named = ", ".join(f"{kind} ({queries})" for kind, queries in sorted(over.items()))
        raise RuntimeError(f"More queries than {MOST_QUERIES}, or than are listed: {named}.")
    return visits


def crawl(person: AbstractBaseUser, warm: set[str] | None = None) -> Iterator[Visit]:
    """Open what the person's pages link to, some addresses of each kind; forms are opened and not sent.

    `warm`: the kinds of page that this process has opened before, so that what only the first one pays is paid.
    """
    client = Client(SERVER_NAME="127.0.0.1")
    sign_in(client, person)
    warm = set() if warm is None else warm
    opened: dict[str, int] = defaultdict(int)
    waiting, known = ["/"], {"/"}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind is None or opened[kind] >= EACH:
            continue
        opened[kind] += 1
        visit, body = _open(client, address, kind, str(person), warm)
        yield visit
        if not visit.is_page:  # an export of a busy log takes seconds, whichever way it is sorted
            opened[kind] = EACH
        for link in links_in(address, body):
            if link not in known:
                known.add(link)
                waiting.append(link)


def _open(client: Client, address: str, kind: str, person: str, warm: set[str]) -> tuple[Visit, str]:
    answer, asked, milliseconds = _asked(client, address)
    if answer.status_code >= 400:
        raise RuntimeError(f"{address} is linked for {person} and answers {answer.status_code}.")
    html = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming
    if html and (kind not in warm or _count(asked) > _most(kind)):
        # again, without what only the first request after a start, or of a session, pays
        answer, asked, milliseconds = _asked(client, address)
        warm.add(kind)
    body = answer.content.decode() if html else ""
    if answer.status_code in {301, 302}:
        body = f'<a href="{answer.headers["Location"]}"></a>'
    return Visit(kind if html else f"{kind} (a file)", address, person, _count(asked), milliseconds, html), body


def _asked(client: Client, address: str) -> tuple[Any, CaptureQueriesContext, float]:
    """An answer, what it asked the database and how long it took; noting the queries is part of that, a few µs each."""
    reset_queries()  # Django keeps 9,000; once they are full it would count none
    with CaptureQueriesContext(connection) as asked:
        begun = time.perf_counter()
        answer = client.get(address)
        milliseconds = 1000 * (time.perf_counter() - begun)
    return answer, asked, milliseconds


def _most(kind: str) -> int:
    return max(MOST_QUERIES, MORE_QUERIES.get(kind, 0))


def _count(asked: CaptureQueriesContext) -> int:
    """Queries, without the statements that begin and end a transaction."""
    return sum(not TRANSACTION.match(query["sql"]) for query in asked.captured_queries)


def links_in(address: str, body: str) -> list[str]:
    """The addresses of this site that a page links to, with their queries."""
    parser = _Links()
    parser.feed(body)
    inside = (urlsplit(urljoin(address, link)) for link in parser.found)
    return [part.path + (f"?{part.query}" if part.query else "") for part in inside if not part.netloc]


def kind_of(address: str) -> str | None:
    """The name in the URL map, with "?" where there is a query; None for what is no page. Raises RuntimeError."""
    path, _, query = address.partition("?")
    if re.match(r"/(static|accounts/logout)", path):
        return None
    try:
        return resolve(path).view_name + ("?" if query else "")
    except Exception:
        raise RuntimeError(f"A page links to {address}, which does not exist.") from None


def _worst(visits: list[Visit], key) -> list[Visit]:
    by_kind: dict[str, Visit] = {}
    for visit in sorted(visits, key=key):
        by_kind[visit.kind] = visit
    return sorted(by_kind.values(), key=key, reverse=True)[:SLOWEST]
