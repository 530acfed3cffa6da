"""The services: database, its schema, privileges and triggers, clock, broker, workers, sealer, verification, anchor,
beat.
"""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ecpd import backlog
from ecpd.audit import catalog
from ecpd.audit import privileges as granted
from ecpd.audit.models import ChainCheck, CheckRequest
from ecpd.audit.sealer import waiting
from ecpd.audit.stamping import anchoring
from ecpd.celery import app
from ecpd.checks import standing
from ecpd.doctor.finding import Finding, fail, ok, warn
from ecpd.embedded.programs import schedule_file

OLDEST_POSTGRES, OLDEST_PGVECTOR = 160000, (0, 8)
NEEDED_EXTENSIONS = {"vector", "pg_trgm"}
OLDEST_ANCHOR = timedelta(hours=3)  # it is made every hour
LONGEST_VERIFICATION = timedelta(hours=2)  # one of millions of entries takes minutes
MOST_SILENT_SECONDS = 60  # the sealer gives a sign of life every second
NAMED = 8  # differences in one sentence
MOST_SECONDS_APART = 5
BEAT_SAVES_EVERY = 180  # Celery's own interval; a file much older than this means that beat stands still


def database() -> Finding:
    """Does it answer, and is it new enough?"""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        return fail("database", str(error).splitlines()[0], "Start it, or mend DATABASE_URL.")
    version = int(_rows("SHOW server_version_num")[0][0])
    words = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < OLDEST_POSTGRES:
        return fail("database", f"{words}.", "Use PostgreSQL 16 or newer.")
    return ok("database", f"{words} answers.")


def extensions() -> Finding:
    """Are pgvector and pg_trgm there?"""
    found = dict(_rows("SELECT extname, extversion FROM pg_extension"))
    if missing := NEEDED_EXTENSIONS - set(found):
        names = ", ".join(sorted(missing))
        return fail("extensions", f"Missing: {names}.", "Install them on the server, then run `manage.py migrate`.")
    if tuple(int(part) for part in found["vector"].split(".")[:2]) < OLDEST_PGVECTOR:
        return fail("extensions", f"pgvector {found['vector']}.", "Use pgvector 0.8 or newer.")
    return ok("extensions", ", ".join(f"{name} {found[name]}" for name in sorted(NEEDED_EXTENSIONS)) + ".")


def migrations() -> Finding:
    """Is the schema the one that this code expects?"""
    executor = MigrationExecutor(connection)
    if left := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return fail("migrations", f"{len(left)} not applied.", "Run `manage.py migrate`.")
    return ok("migrations", "All applied.")


def privileges() -> Finding:
    """Could the application break its own records (AC-07)?"""
    [(role, is_super)] = _rows("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")
    if is_super:
        return fail(
            "privileges",
            f"The application signs in to the database as the superuser {role}.",
            "Point DATABASE_URL at a role without privileges of its own, DATABASE_OWNER_URL at the owner.",
        )
    if found := granted.differences():
        fix = "Where a statement stands beside it, have whom it names run that. For the rest find out who did that, then run"
        return fail("privileges", _some(found), f"{fix} `manage.py migrate` as the owner.")
    return ok("privileges", f"The application is {role}, which may do what the list says and no more.")


def guards() -> Finding:
    """Do the rules that stand in the database stand there, each as the code declares it?"""
    if found := catalog.differences():
        return fail(
            "guards",
            _some(found),
            "Find out who did that; then run `manage.py mend_guards` as the owner. It puts guards and functions back; tables, "
            "columns and constraints are restored from a backup or by hand.",
        )
    return ok(
        "guards", f"All {len(catalog.declared())} stand as the code declares them, tables and constraints as released."
    )


def _some(sentences: list[str]) -> str:
    more = f" And {len(sentences) - NAMED} more." if len(sentences) > NAMED else ""
    return " ".join(sentences[:NAMED]) + more


def old_rows() -> Finding:
    """Do the rows that were there before a CHECK meet it?"""
    waiting = standing.waiting()
    if not waiting:
        return ok("old rows", "Every CHECK holds for every row.")
    broken = list(standing.breaches(waiting))
    if not broken:
        return warn(
            "old rows", f"{len(waiting)} CHECKs have not been asked of them.", "Run `manage.py validate_checks`."
        )
    named = "; ".join(str(breach) for breach in broken)
    return warn(
        "old rows",
        f"{sum(len(breach.keys) for breach in broken)} break a CHECK that came after them: {named}.",
        "They stay as they were; new and changed rows are held to it. As the owner, `manage.py mend_value TABLE KEY COLUMN "
        "VALUE --reason WORDS` mends one on the record; then run `manage.py validate_checks` (docs/upgrading.md).",
    )


def clock() -> Finding:
    """Do this machine and the database agree on the time?"""
    before = datetime.now(UTC)
    [(theirs,)] = _rows("SELECT clock_timestamp()")
    apart = abs((theirs - before).total_seconds())
    if apart > MOST_SECONDS_APART:
        return fail(
            "clock",
            f"{apart:.0f} s apart from the database's.",
            "Let both keep time by NTP: decisions are dated by it.",
        )
    return ok("clock", f"Within {max(apart, 0.1):.1f} s of the database's.")


def broker() -> Finding:
    """Does the queue answer?"""
    try:
        with app.connection_for_write() as queue:
            queue.ensure_connection(max_retries=1, timeout=3)
    except Exception as error:
        return fail("broker", f"It does not answer: {error}.", "Start it, or mend CELERY_BROKER_URL.")
    return ok("broker", "It answers.")


def worker() -> Finding:
    """Is there somebody for every queue: searches, plate reads, alerts, pictures? Has each worker a name of its own?"""
    try:
        replies = app.control.broadcast("active_queues", reply=True, timeout=2.0) or []
    except Exception as error:
        return fail("worker", f"It cannot be asked: {error}.", "Mend the broker first.")
    answers = [
        answer for reply in replies for answer in reply.items()
    ]  # by node they would be fewer: names may be twins
    served = {queue["name"] for _, queues in answers for queue in queues}
    if idle := [name for name in _queues() if name not in served]:
        command = f"celery -A ecpd.celery worker --queues {','.join(idle)} --hostname {idle[0]}@%h"
        return fail(
            "worker",
            f"Nobody works on {' and '.join(idle)}: what is sent there waits.",
            f"Start one: `{command}` (`make run` starts all by itself).",
        )
    names = Counter(name for name, _ in answers)
    if twins := [f"{count} workers are called {name}" for name, count in sorted(names.items()) if count > 1]:
        return fail(
            "worker",
            f"{' and '.join(twins)}: what is asked of one, or told to one, reaches another.",
            "Start each with a name of its own: `--hostname reads@%h`, another word for each (README.md).",
        )
    return ok("worker", f"{len(answers)} at work, every queue is served.")


def sealer() -> Finding:
    """Is there somebody who seals the audit chain?"""
    fix = "Start it: `manage.py seal_audit` with DATABASE_SEALER_URL (`make run` starts it by itself)."
    if not _rows(f"SELECT 1 FROM pg_roles WHERE rolname = '{settings.DATABASE_SEALER_ROLE}'"):
        role = settings.DATABASE_SEALER_ROLE
        return fail("sealer", f"There is no role {role}.", f"Create the role {role}, then run `manage.py migrate`.")
    found = waiting()
    unsealed = f"{found}."
    if found.silent_seconds is None or found.silent_seconds > MOST_SILENT_SECONDS:
        return fail("sealer", f"Nobody seals the audit chain: {unsealed}", fix)
    return ok("sealer", unsealed if found.events else "Every entry has its seal.")


def verification() -> Finding:
    """What did the last verification of the audit chain find, and did each that was asked for end?"""
    last = ChainCheck.objects.order_by("-checked_at", "-pk").first()
    every = "Run `manage.py verify_audit`: it names every break; docs/verify.md says what each means."
    if last and last.result == ChainCheck.Result.BROKEN:
        first = last.findings[0]["sentence"] if last.findings else "Nothing that was sealed is there."
        return fail("verification", f"The one of {_moment(last.checked_at)} found the record broken: {first}", every)
    asked = CheckRequest.objects.filter(done_by__isnull=True).order_by("at").first()
    if asked and timezone.now() - asked.at > LONGEST_VERIFICATION:
        return fail("verification", f"The one asked for at {_moment(asked.at)} has no result.",
                    f"Look at the log of `manage.py seal_audit`. {every}")  # fmt: skip
    if last is None:
        return ok("verification", "None was made yet; beat asks for one each night.")
    return ok("verification", f"The record was intact at {_moment(last.checked_at)}: {last.entries:,} entries.")


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def anchor() -> Finding:
    """Does somebody outside hold the head of the audit chain?"""
    found = anchoring()
    set_up = "Set ECPD_TIMESTAMP_URL and ECPD_TIMESTAMP_CHAIN to an outside authority (docs/verify.md)."
    again = "The sealer's process asks by itself; see that the sealer's machine reaches the authority."
    problem = f" The last try failed: {found.failed.problem}" if found.failed else ""
    if found.newest is None or found.age is None:
        yet = " yet" if found.authority else ""
        sentence = f"Not anchored{yet}: no authority has stamped the audit chain.{problem}"
        return warn("anchor", sentence, again if found.authority else set_up)
    hours = found.age.total_seconds() / 3600
    words = f"Entry {found.newest.number:,} was stamped {hours:.1f} h ago by {found.newest.authority}."
    if found.is_local:
        return warn("anchor", f"Not anchored outside: {words} That is this machine.{problem}", set_up)
    if not found.authority:
        return warn("anchor", f"Not anchored any more: {words}", set_up)
    if problem or found.age > OLDEST_ANCHOR:
        return warn("anchor", f"{words}{problem}", again)
    return ok("anchor", words)


def _queues() -> list[str]:
    routed = {route["queue"] for route in app.conf.task_routes.values()}
    return [app.conf.task_default_queue, *sorted(routed)]


def beat() -> Finding:
    """Is there somebody to wake lost searches? Known only where `make run` started it."""
    wanted = schedule_file(settings.DATA_DIR)
    traces = [path.stat().st_mtime for path in wanted.parent.glob(f"{wanted.name}*")]  # the library adds an ending
    if not traces:
        return warn("beat", "It has left no trace here.", "Start it on one machine: `celery -A ecpd.celery beat`.")
    age = time.time() - max(traces)
    if age > 2 * BEAT_SAVES_EVERY:
        return warn("beat", f"Its last trace is {age / 60:.0f} minutes old.", "Start it: `celery -A ecpd.celery beat`.")
    return ok("beat", "It is sending.")


def waiting_work() -> Finding:
    """Does every kind of work get done in time?"""
    if late := backlog.late():
        sentence = "; ".join(map(str, late))
        return fail("waiting work", f"{sentence[0].upper()}{sentence[1:]}.",
                    "Look at the workers' logs, and start anew the one whose queue it is.")  # fmt: skip
    longest = max(backlog.waits(), key=lambda wait: wait.seconds / wait.limit)
    return ok("waiting work", f"None waits long: {longest}.")


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


SERVICE_CHECKS = (
    database,
    extensions,
    migrations,
    privileges,
    guards,
    old_rows,
    clock,
    broker,
    worker,
    sealer,
    verification,
    anchor,
    waiting_work,
    beat,
)
