"""The keys of an installation, which are never in the database: made once, at set-up, and read by nobody else."""

import base64
import os
import secrets
from pathlib import Path


def make_keys(data_dir: Path) -> None:
    """The signing key, and the key of the second factors' secrets. Those that are there stay."""
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    for name, made in (
        ("secret_key", secrets.token_urlsafe(64)),
        ("mfa_key", base64.urlsafe_b64encode(os.urandom(32)).decode()),
    ):
        if not (data_dir / name).exists():
            write_private(data_dir / name, made)


def write_private(path: Path, text: str) -> None:
    """Write a file that only this account reads, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
