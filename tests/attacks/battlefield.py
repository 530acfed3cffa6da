"""A database of its own, migrated and filled with one whole agency, that attacks are tried on."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.once import one_at_a_time

FILLED = "attacks_filled"  # nobody signs in to it once it is filled
RACES = "_races"  # the copy that races are run in
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Battlefield:
    """Connections of the application's role and of the owner, and the names that attacks are filled with."""

    app: psycopg.Connection
    owner: psycopg.Connection
    names: dict[str, object]
    role: str
    app_url: str
    owner_url: str
    settings: str = ""  # what a session of the role may set, as one statement (tests.attacks.forms)

    def words(self, text: str) -> str:
        """A statement with its names filled in; the moment is the same in each form of it."""
        for name, value in (self.names | {"moment": datetime.now(UTC).isoformat()}).items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def close(self) -> None:
        """End both connections."""
        self.app.close()
        self.owner.close()


def at(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def build(template: str, owner_url: str, app_url: str, sealer_url: str, database: str, media: Path) -> Battlefield:
    """A copy of the filled database, which is copied once more; the first worker to ask fills it. All is committed.

    `template` is migrated, and nobody is in it. Raises CalledProcessError.
    """
    names = Path(os.environ["ECPD_TEST_SCRATCH"]) / "attacks.json"
    with one_at_a_time("filled") as is_first:
        if is_first:
            copy(owner_url, template, FILLED)
            names.write_text(fill(*(at(url, FILLED) for url in (owner_url, app_url, sealer_url)), media))
        for one in (database, database + RACES):
            copy(owner_url, FILLED, one)
    owner_url, app_url = at(owner_url, database), at(app_url, database)
    app, owner = psycopg.connect(app_url, autocommit=True), psycopg.connect(owner_url, autocommit=True)
    role = app.execute("SELECT session_user").fetchone()[0]
    return Battlefield(app, owner, json.loads(names.read_text()), role, app_url, owner_url)


def fill(owner_url: str, app_url: str, sealer_url: str, media: Path) -> str:
    """Fill a migrated database with one whole agency; returns the names of what is in it, as JSON."""
    env = os.environ | {
        "DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url, "DATABASE_SEALER_URL": sealer_url,
        "ECPD_MEDIA_ROOT": str(media),
    }  # fmt: skip
    filled = subprocess.run(
        [sys.executable, "-m", "tests.attacks.fill"], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
    )
    return filled.stdout.splitlines()[-1].decode()


def copy(owner_url: str, template: str, database: str) -> None:
    """A copy of a database that nobody is in, with what the migrations take away and a copy has again."""
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
        sql.Identifier(database), sql.Identifier(template)
    )
    closed = sql.SQL("REVOKE TEMPORARY, CREATE ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
    with psycopg.connect(at(owner_url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))  # of one who failed
        server.execute(made)
        server.execute(closed)


def reach(owner: psycopg.Connection, role: str) -> None:
    """The role may write every column of the tables it may write to, so that the guards behind its privileges are met."""
    ask = (
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' "
        "AND has_any_column_privilege(%s, c.oid, %s) AND NOT has_table_privilege(%s, c.oid, %s)"
    )
    for verb in ("INSERT", "UPDATE"):
        for (table,) in owner.execute(ask, [role, verb, role, verb]).fetchall():
            grant = sql.SQL("GRANT {} ON {} TO {}")
            owner.execute(grant.format(sql.SQL(verb), sql.Identifier(table), sql.Identifier(role)))
