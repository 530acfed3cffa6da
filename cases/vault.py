"""The vault: files named by their content under MEDIA_ROOT, written once, never changed."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from cases.models import StoredFile
from cases.sniffing import media_type_of
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


def store(source: bytes | BinaryIO, *, max_bytes: int | None = None) -> StoredFile:
    """Keep a file: streamed to disk, hashed on the way, moved into place in one step. Idempotent by content.

    Raises FileRefused for an empty file or one of more than `max_bytes` (by default settings.EVIDENCE_MAX_BYTES).
    """
    limit = max_bytes or settings.EVIDENCE_MAX_BYTES
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            digest, size, head = _copy(_chunks(source), sink, limit)
        final = path_of(digest)
        if not final.exists():
            final.parent.mkdir(parents=True, exist_ok=True)
            os.chmod(name, 0o440)
            os.replace(name, final)
    finally:
        Path(name).unlink(missing_ok=True)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"size": size, "media_type": media_type_of(head)}
    )
    return stored


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
