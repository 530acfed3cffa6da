"""Photos uploaded from the browser, as one archive for the vault, for a worker to import."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from cases import vault


@contextmanager
def archive_of(files: Sequence[UploadedFile]) -> Iterator[tuple[str, vault.Incoming]]:
    """(label, archive): a single ZIP as it is, many files packed into one. Raises ValidationError, FileRefused."""
    with ExitStack() as opened:
        label, packed = _packed(files, opened)
        yield label, opened.enter_context(vault.incoming(packed))


def _packed(files: Sequence[UploadedFile], opened: ExitStack) -> tuple[str, BinaryIO]:
    first = files[0]
    if len(files) == 1 and zipfile.is_zipfile(first):
        first.seek(0)
        return _name(first), cast(BinaryIO, first)
    if any(_name(file).lower().endswith(".zip") for file in files):
        raise ValidationError("Add one ZIP archive by itself, or pictures only.")
    scratch = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # the stack closes it
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED) as archive:
        for name, file in zip(_names(files), files, strict=True):
            with archive.open(zipfile.ZipInfo(name), "w") as member:
                for chunk in file.chunks():
                    member.write(chunk)
    scratch.seek(0)
    label = _name(first) if len(files) == 1 else f"{len(files)} files, {_name(first)} and others"
    return label, cast(BinaryIO, scratch)


def _names(files: Sequence[UploadedFile]) -> list[str]:
    """Each file's name; a second one of the same name gets its number in front."""
    seen: set[str] = set()
    names = []
    for position, file in enumerate(files, start=1):
        name = _name(file) if _name(file) not in seen else f"{position}-{_name(file)}"
        seen.add(name)
        names.append(name)
    return names


def _name(file: UploadedFile) -> str:
    return file.name or "unnamed"
