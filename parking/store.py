"""Files of parking (plate pictures, permit documents, notices), named by their content; plate pictures can leave.

They stand apart from the vault of evidence, which never lets anything go: PK-05 has reads and pictures deleted.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from ecpd import files
from ecpd.files import is_there, put_in_place
from ecpd.problem import ProblemError

MOST_BYTES = 20 * 2**20


class FileGone(ProblemError, FileNotFoundError):
    """A file that is not in the store: deleted with its read, or lost."""

    code = "file_missing"
    title = "The file is not there"
    status = 404


class FileTooLarge(ProblemError):
    """More bytes than the store takes, or none."""

    code = "file_refused"
    title = "That file cannot be added"


def _path(sha256: str) -> Path:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise FileGone
    return Path(settings.MEDIA_ROOT) / "parking" / sha256[:2] / sha256


def store(content: bytes) -> str:
    """Keep bytes and return their SHA-256, hex. Idempotent; moved into place in one step.

    Inside the transaction of whoever names them: refused, they are gone again (ecpd.files). Raises FileTooLarge for
    nothing at all or more than 20 MB.
    """
    if not 0 < len(content) <= MOST_BYTES:
        raise FileTooLarge("The file is empty, or larger than 20 MB.")
    digest = hashlib.sha256(content).hexdigest()
    final = _path(digest)
    if is_there(final):
        return digest
    final.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=final.parent, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(content)
            sink.flush()
            os.fsync(sink.fileno())
        put_in_place(Path(name), final)
    finally:
        Path(name).unlink(missing_ok=True)
    return digest


def read(sha256: str) -> bytes:
    """The whole content. Raises FileGone."""
    try:
        return _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise FileGone("The file is not in the store any more.") from error


def holds(sha256: str) -> bool:
    """Whether the file is there."""
    return _path(sha256).exists()


def remove(sha256: str, *, unless: Callable[[], bool] = bool) -> bool:
    """Let a file go, unless something names it still; whether it was there and went."""
    return files.remove(_path(sha256), unless=unless)
