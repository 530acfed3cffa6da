"""Curb files: read whatever format they are in, check, import whole or not at all; and write them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.problem import ProblemError
from parking.curbs.cds import read_cds, write_cds
from parking.curbs.columns import DATASF, Reading, read_csv, read_geojson
from parking.curbs.curblr import read_curblr
from parking.curbs.faults import CurbFaults
from parking.curbs.geometry import warnings
from parking.curbs.types import CurbSet, Fault
from parking.models import CurbImport
from parking.selectors.curb_rows import curbs_in_force, milliseconds
from parking.services.zone import import_curbs


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


def export_zip(version: str) -> bytes:
    """The curbs in force as CDS documents, one file a kind, in a ZIP archive. Raises CurbLosses."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for kind, document in write_cds(curbs_in_force(), version).items():
            target.writestr(f"{kind}.json", json.dumps(document, ensure_ascii=False, indent=1))
    return archive.getvalue()


def _read(contents: Sequence[bytes], format: str, name: str, mapping: Mapping[str, str]) -> CurbSet:
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
