"""Curb files: read whatever format they are in, check, import whole or not at all; and write them."""

import hashlib
import io
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.problem import ProblemError
from parking.curbs.cds import left_out, read_cds, refusals, write_cds
from parking.curbs.cds.vocabulary import VERSIONS
from parking.curbs.columns import DATASF, Reading, read_csv, read_geojson
from parking.curbs.curblr import read_curblr
from parking.curbs.faults import CurbFaults
from parking.curbs.geometry import warnings
from parking.curbs.types import CurbSet, Fault
from parking.models import CurbImport
from parking.selectors.curb_rows import curbs_in_force, milliseconds
from parking.services.zone import import_curbs

MOST_FILES = 100  # in an archive
MOST_BYTES = 200 * 2**20  # of all files of an archive together, unpacked
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError)


class UnreadableFile(ProblemError):
    """A file that is not what its format says."""

    code = "unreadable_file"
    title = "The file cannot be read"


@dataclass(frozen=True)
class Checked:
    """A file's content, or what is wrong with it; warnings stop nothing."""

    curbs: CurbSet | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def check(contents: Sequence[bytes], *, format: str, name: str, mapping: Mapping[str, str] | None = None) -> Checked:
    """Read and check. Raises UnreadableFile for what is no JSON or text."""
    try:
        curbs = _read(contents, format, name, mapping or {})
    except CurbFaults as wrong:
        return Checked(None, wrong.faults)
    return Checked(curbs, (), tuple(warnings(curbs)))


def import_files(
    *, actor: User, contents: Sequence[bytes], format: str, name: str, mapping: Mapping[str, str] | None = None
) -> tuple[Checked, CurbImport | None]:
    """Check, then put everything in force in one transaction; nothing when anything is wrong."""
    checked = check(contents, format=format, name=name, mapping=mapping)
    if checked.curbs is None:
        return checked, None
    digest = hashlib.sha256(b"".join(contents)).hexdigest()
    words = [f"{w.feature}, {w.field}: {w.message}" for w in checked.warnings]
    made = import_curbs(
        actor=actor, curbs=checked.curbs, file_name=name, format=format, sha256=digest, warnings=words, enforced=True
    )
    return checked, made


@dataclass(frozen=True)
class Exportable:
    """What a version of CDS makes of the curbs in force: rules it cannot say, and what it leaves out, how often."""

    version: str
    refused: tuple[Fault, ...]
    left_out: tuple[tuple[str, str, int], ...]


def exportable() -> list[Exportable]:
    """What each version that is written here would refuse and leave out, the newest first."""
    curbs = curbs_in_force()
    return [
        Exportable(version, tuple(refusals(curbs, version)), tuple(_counted(left_out(curbs, version))))
        for version in reversed(VERSIONS)
    ]


def _counted(faults: Sequence[Fault]) -> Iterator[tuple[str, str, int]]:
    for (field, message), count in sorted(Counter((fault.field, fault.message) for fault in faults).items()):
        yield field, message, count


def export_zip(version: str) -> bytes:
    """The curbs in force as CDS documents, one file a kind, in a ZIP archive. Raises CurbLosses."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for kind, document in write_cds(curbs_in_force(), version).items():
            target.writestr(f"{kind}.json", json.dumps(document, ensure_ascii=False, indent=1))
    return archive.getvalue()


def _read(packed: Sequence[bytes], format: str, name: str, mapping: Mapping[str, str]) -> CurbSet:
    contents = [content for file in packed for content in _unpacked(file)]
    if format == "cds":
        return read_cds([_json(content) for content in contents])
    if len(contents) != 1:
        raise UnreadableFile("This format comes in one file.")
    if format == "curblr":
        return read_curblr(_json(contents[0]))
    reading = Reading(source=name, published_ms=milliseconds(timezone.now()) or 0)
    if format == "geojson":
        return read_geojson(_json(contents[0]), mapping or DATASF, reading)
    return read_csv(_text(contents[0]), mapping or DATASF, reading)


def _unpacked(file: bytes) -> list[bytes]:
    """The files of a ZIP archive, such as our export; any other file as it is."""
    packed = io.BytesIO(file)
    if not zipfile.is_zipfile(packed):
        return [file]
    try:
        with zipfile.ZipFile(packed) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
                raise UnreadableFile(
                    f"The archive holds too much: at most {MOST_FILES} files with {MOST_BYTES >> 20} MB together are read."
                )
            return [archive.read(member) for member in members]
    except BROKEN as error:
        raise UnreadableFile(f"The archive cannot be unpacked: {error}.") from error


def _json(content: bytes):
    try:
        return json.loads(_text(content))
    except ValueError as error:
        raise UnreadableFile(f"The file is no JSON: {error}.") from error
    except RecursionError as error:
        raise UnreadableFile("The file's JSON is nested too deeply.") from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is not UTF-8 text. Save it as UTF-8 and try again.") from error
