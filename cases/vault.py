"""The vault: files named by their content under MEDIA_ROOT, written once, never changed."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from cases.models import StoredFile
from cases.sniffing import media_type_of
from ecpd.files import put_in_place
from ecpd.problem import ProblemError

CHUNK = 2**20


class FileRefused(ProblemError):
    """A file that cannot be kept: empty, too large, or nothing at all."""

    code = "file_refused"
    title = "That file cannot be added"


class FileMissing(ProblemError, FileNotFoundError):
    """A file that should be in the vault and is not; a FileNotFoundError for whoever reads files."""

    code = "file_missing"
    title = "The file is not there"
    status = 404


@dataclass(frozen=True)
class Incoming:
    """A file on its way into the vault: whole, hashed, on disk under no name yet."""

    path: Path
    sha256: str
    size: int
    media_type: str

    def keep(self) -> StoredFile:
        """Take it in, inside the transaction of whoever names it: refused, it is gone again. Idempotent by content."""
        put_in_place(self.path, path_of(self.sha256))
        defaults = {"size": self.size, "media_type": self.media_type}
        return StoredFile.objects.get_or_create(sha256=self.sha256, defaults=defaults)[0]


@contextmanager
def incoming(source: bytes | BinaryIO, *, max_bytes: int | None = None) -> Iterator[Incoming]:
    """A file streamed to disk and hashed on the way, before anybody asks whether it may be kept; gone at the end.

    Raises FileRefused for an empty file or one of more than `max_bytes` (by default settings.EVIDENCE_MAX_BYTES).
    """
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            digest, size, head = _copy(_chunks(source), sink, max_bytes or settings.EVIDENCE_MAX_BYTES)
        yield Incoming(Path(name), digest, size, media_type_of(head))
    finally:
        Path(name).unlink(missing_ok=True)


def incoming_if(source: bytes | BinaryIO | None) -> AbstractContextManager[Incoming | None]:
    """The same where there may be no file: then None."""
    return nullcontext() if source is None else incoming(source)


def store(source: bytes | BinaryIO, *, max_bytes: int | None = None) -> StoredFile:
    """Keep a file at once, for whoever is allowed to already. Raises FileRefused as `incoming` does."""
    with incoming(source, max_bytes=max_bytes) as file:
        return file.keep()


def _copy(chunks: Iterable[bytes], sink: BinaryIO, limit: int) -> tuple[str, int, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise FileRefused(f"The file is larger than {limit // 2**20} MB, the most that can be added.")
        head = head or bytes(chunk[:4096])
        digest.update(chunk)
        sink.write(chunk)
    if size == 0:
        raise FileRefused("The file is empty. Check it where it came from and add it again.")
    sink.flush()
    os.fsync(sink.fileno())
    return digest.hexdigest(), size, head


def _chunks(source: bytes | BinaryIO) -> Iterable[bytes]:
    if isinstance(source, bytes | bytearray):
        return [bytes(source)] if source else []
    if hasattr(source, "chunks"):
        return source.chunks(CHUNK)
    return iter(lambda: source.read(CHUNK), b"")


def path_of(sha256: str) -> Path:
    """Where a file of this hash stands."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def open_file(stored: StoredFile) -> BufferedReader:
    """The file's content. Raises FileMissing when the vault lost it."""
    try:
        return path_of(stored.sha256).open("rb")
    except FileNotFoundError as error:
        raise FileMissing("The vault does not hold this file. Tell the administrator at once.") from error


def read(stored: StoredFile) -> bytes:
    """The whole content."""
    with open_file(stored) as source:
        return source.read()


def verify(stored: StoredFile) -> bool:
    """Whether the file is there and still has its hash."""
    try:
        with open_file(stored) as source:
            return hashlib.file_digest(source, "sha256").hexdigest() == stored.sha256
    except FileMissing:
        return False
