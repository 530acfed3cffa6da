"""A database of its own, migrated and filled with one whole agency, that attacks are tried on."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ecpd.embedded.postgres import create_extensions

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

    def words(self, text: str) -> str:
        """A statement with its names filled in."""
        for name, value in self.names.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def close(self) -> None:
        """End both connections."""
        self.app.close()
        self.owner.close()


def at(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def build(owner_url: str, app_url: str, sealer_url: str, database: str, media: Path) -> Battlefield:
    """Create, migrate and fill the database; everything is committed. Raises CalledProcessError."""
    with psycopg.connect(at(owner_url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    owner_url, app_url = at(owner_url, database), at(app_url, database)
    with psycopg.connect(owner_url, autocommit=True) as fresh:
        create_extensions(fresh)
    env = os.environ | {
        "DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url, "DATABASE_SEALER_URL": at(sealer_url, database),
        "ECPD_MEDIA_ROOT": str(media),
    }  # fmt: skip
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
    filled = subprocess.run(
        [sys.executable, "-m", "tests.attacks.fill"], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
    )
    names = json.loads(filled.stdout.splitlines()[-1])
    app, owner = psycopg.connect(app_url, autocommit=True), psycopg.connect(owner_url, autocommit=True)
    role = app.execute("SELECT session_user").fetchone()[0]
    return Battlefield(app, owner, names, role, app_url, owner_url)
