"""A file that an owner sends with a contest: what it is by its first bytes, whatever its name says."""

from dataclasses import dataclass

MOST_BYTES = 10 * 2**20
MOST_FILES = 5
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


class UploadRefused(ValueError):
    """A file that is not taken; the message says what to do."""


@dataclass(frozen=True)
class Upload:
    """A file: its name as sent, and its bytes."""

    name: str
    content: bytes


def media_type_of(upload: Upload) -> str:
    """Its media type by its first bytes: PDF, JPEG, PNG or HEIC. Raises UploadRefused for anything else."""
    if not 0 < len(upload.content) <= MOST_BYTES:
        raise UploadRefused(f"{upload.name} is empty or larger than {MOST_BYTES // 2**20} MB. Send a smaller file.")
    for start, media_type in _KINDS:
        if upload.content.startswith(start):
            return media_type
    if upload.content[4:8] == b"ftyp" and upload.content[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "image/heic"
    raise UploadRefused(f"{upload.name} is no PDF, JPEG, PNG or HEIC. Send it as one of these.")
