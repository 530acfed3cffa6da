"""A database filled once and put back as it was: what takes long to load is loaded by the first test that asks for it.

Rows, where sequences stand and files are kept beside the run's services, so that every worker has them. Only for tests
that have the database for themselves (`transactional_db`), which begin with what migrations planted and nothing else.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.once import one_at_a_time

TABLES = """
SELECT c.oid::regclass::text, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'django_migrations' GROUP BY c.oid
"""
SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'"
AHEAD = """
SELECT setval(%s, greatest(%s, (SELECT last_value FROM pg_sequences WHERE format('%%I.%%I', schemaname, sequencename) = %s)))
"""


def once(what: str, load: Callable[[], None]) -> None:
    """Load it, or put back what was there when the first worker had loaded it."""
    kept = Path(os.environ["ECPD_TEST_SCRATCH"]) / f"filled-{what}"
    with one_at_a_time(kept.name + ".lock") as is_first:
        if is_first:
            before = _files()
            load()
            _keep(kept, _files() - before)
            return
    _put_back(kept)


def _files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def _keep(folder: Path, files: set[Path]) -> None:
    folder.mkdir()
    with _as_owner() as cursor:
        cursor.execute(TABLES)
        for table, columns in cursor.fetchall():
            with cursor.copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT binary)") as rows:
                (folder / table).write_bytes(b"".join(rows))
        cursor.execute(SEQUENCES)
        (folder / "sequences").write_text("\n".join(f"{name} {at}" for name, at in cursor.fetchall() if at))
    for path in files:
        to = folder / "files" / path.relative_to(settings.MEDIA_ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to)


def _put_back(folder: Path) -> None:
    with _as_owner() as cursor:
        cursor.execute(TABLES)
        for table, columns in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as rows:
                rows.write((folder / table).read_bytes())
        for line in (folder / "sequences").read_text().splitlines():
            name, at = line.rsplit(" ", 1)
            cursor.execute(AHEAD, [name, int(at), name])
    if (folder / "files").is_dir():
        shutil.copytree(folder / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)


@contextmanager
def _as_owner() -> Iterator:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        try:
            yield cursor.cursor
        finally:
            cursor.execute(f"SET session_replication_role = origin; SET ROLE {settings.DATABASE_APP_ROLE}")
