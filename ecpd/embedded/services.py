"""Both services behind one lock and one context manager."""

import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ecpd.embedded import postgres
from ecpd.embedded.errors import ServiceError
from ecpd.embedded.keys import make_keys, write_private
from ecpd.embedded.postgres import Postgres
from ecpd.embedded.valkey import Valkey

# Addresses that web server and workers never get. A further role stands in postgres.ROLES and here; the program that it
# is for names its address in `reserved` and its account in `part` (programs.py), commands in RESERVED of manage.py.
RESERVED = {"DATABASE_OWNER_URL": postgres.OWNER, "DATABASE_SEALER_URL": postgres.SEALER}


class Services:
    """PostgreSQL and Valkey for as long as the block runs. Raises ServiceError when somebody else holds the lock.

    `before_start` is called once the lock is ours and nothing has been started. `beside` are settings of what runs beside
    the services; every process is told them.
    """

    def __init__(
        self, data_dir: Path, *, durable: bool = True, before_start: Callable[[], None] | None = None,
        beside: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.data_dir, self.before_start, self.beside = data_dir.resolve(), before_start, beside or {}
        logs = self.data_dir / "logs"
        self.postgres = Postgres(
            data_dir=self.data_dir / "pg",
            socket_dir=_socket_dir(self.data_dir),
            log=logs / "postgres.log",
            durable=durable,
        )
        self.valkey = Valkey(data_dir=self.data_dir / "valkey", log=logs / "valkey.log")
        self._lock = None

    @property
    def environment(self) -> dict[str, str]:
        """Every address of these services: for whoever started them."""
        return self.site_environment | {name: self.postgres.url(role) for name, role in RESERVED.items()}

    @property
    def site_environment(self) -> dict[str, str]:
        """The addresses that web server and workers get."""
        services = {"DATABASE_URL": self.postgres.url(postgres.APPLICATION), "CELERY_BROKER_URL": self.valkey.url}
        return services | self.beside

    def __enter__(self) -> "Services":
        self.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        (self.data_dir / "run").mkdir(exist_ok=True)
        self._lock = _take_lock(self.data_dir / "run" / "lock")
        try:
            if self.before_start:
                self.before_start()
            make_keys(self.data_dir)
            self.postgres.start()
            self.valkey.start()
            reserved = {name: address for name, address in self.environment.items() if name in RESERVED}
            write_private(_reserved_file(self.data_dir), json.dumps(reserved, indent=1))
            write_private(_services_file(self.data_dir), json.dumps(self.site_environment, indent=1))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception) -> None:
        for path in (_services_file(self.data_dir), _reserved_file(self.data_dir)):
            path.unlink(missing_ok=True)
        self.valkey.stop()
        self.postgres.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def running_environment(data_dir: Path) -> dict[str, str] | None:
    """Every address of services that are running on this data directory now, or None."""
    path = _services_file(data_dir)
    lock = data_dir / "run" / "lock"
    if not path.exists() or not lock.exists():
        return None
    with lock.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return json.loads(path.read_text()) | json.loads(_reserved_file(data_dir).read_text())
    return None


def _services_file(data_dir: Path) -> Path:
    return data_dir / "run" / "services.json"


def _reserved_file(data_dir: Path) -> Path:
    """Not for the site: the database's owner reads and writes past every rule."""
    return data_dir / "run" / "reserved.json"


def _take_lock(path: Path):
    handle = path.open("a+")
    if not _locked(handle):
        handle.seek(0)
        holder = handle.read().strip() or "unknown"
        handle.close()
        raise ServiceError(
            f"ECPD is running on {path.parent.parent} already (process {holder}). Stop it first, or set ECPD_DATA_DIR."
        )
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def _locked(handle) -> bool:
    """Take the lock. `running_environment` holds it for an instant when it asks, so one refusal proves nothing."""
    for _ in range(5):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return True
    return False


def _socket_dir(data_dir: Path) -> Path:
    """Inside the data directory where its path is short enough, else under the system's temporary directory."""
    inside = data_dir / "run" / "pg"
    if len(str(inside).encode()) <= postgres.LONGEST_SOCKET_DIRECTORY:
        return inside
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"ecpd-{digest}"
