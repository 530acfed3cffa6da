"""The packet as a tagged PDF, byte-identical for the same records (typst)."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from cases.models import StoredFile
from ecpd.typesetting import TypesetError, compile_pdf
from leads.models import Candidate, WarrantApplication
from leads.models.lead import LEAD_ONLY
from leads.packet.content import parts_of, version_of
from leads.packet.records import records_of
from leads.packet.searches import CANDIDATES_OF, score
from leads.packet.section import Section
from leads.pictures import cut_out
from leads.selectors.search import candidates_of

TEMPLATE = Path(__file__).parent / "packet.typ"
STANDARDS = ("a-3a", "ua-1")
UNPRINTABLE = ("could not be displayed", "private use area")  # what typst says of a character that no font has
PICTURE_SIDE = 700
RANKED_SIDE = 300
PAPER, AROUND, LETTER = 498.0, 9.0, 4.4  # points: between the margins, beside a cell's words, of a broad letter
LONGEST_WORD, BROKEN = 18, 15  # letters: what is longer is broken into pieces of 10, a hash into narrower ones of 16
MOST_SAID = 150  # letters of a cell, on average, beyond which a column takes no more from the others
ROOM = 0.6  # around a face, a part of its size
NO_PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 400">'
    b'<rect width="320" height="400" fill="#dfe1e2"/></svg>'
)
PRINTABLE = "–—‘’“”„†‡•…‰′″‹›€™←↑→↓−≈≠≤≥"


def packet_pdf(application: WarrantApplication, sections: list[Section]) -> bytes:
    """The whole packet, of these parts, as PDF/A-3a and PDF/UA-1, with the records that it rests on attached."""
    version = version_of(parts_of(sections))
    records = records_of(application, sections, version)
    listed = list(candidates_of(application.lead.candidate.search))
    content = {
        "number": application.number,
        "case": application.case.case_number,
        "offense": str(application.case.offense),
        "person": application.lead.person.name,
        "kind": application.asks_for_words,
        "named": f" The application names {application.identity}." if application.identity else "",
        "lead": application.lead.number,
        "warning": LEAD_ONLY,
        "version": version,
        "records": {"name": f"{application.number}.json", "sha256": hashlib.sha256(records).hexdigest()},
        "sections": [{**vars(section), "widths": _widths(section)} for section in sections],
        "pictured": f"{CANDIDATES_OF}{application.lead.candidate.search.number}",
        "faces": [{"file": f"rank-{c.rank}.jpg", "rank": str(c.rank), "score": score(c.match_score)} for c in listed],
    }
    with tempfile.TemporaryDirectory() as folder:
        files = {"main.typ": TEMPLATE.read_bytes(), "records.json": records, **_pictures(application, listed)}
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return _printed(Path(folder), content, int(application.submitted_at.timestamp()))


def _printed(folder: Path, content: dict[str, Any], timestamp: int) -> bytes:
    """The PDF; characters that no font has are spelled as their Unicode numbers, never left out."""
    for keeps in (_everything, _latin, str.isascii):
        spelled = json.dumps(_spelled(content, keeps), ensure_ascii=False)
        (folder / "content.json").write_text(spelled, encoding="utf-8")
        try:
            return _compile(folder, timestamp)
        except TypesetError as error:
            if not any(words in str(error) for words in UNPRINTABLE) or keeps is str.isascii:
                raise
    raise AssertionError("the last spelling either compiles or raises")


def _spelled(value: Any, keeps: Callable[[str], bool]) -> Any:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        return "".join(c if keeps(c) and (c.isprintable() or c.isspace()) else f"[U+{ord(c):04X}]" for c in text)
    if isinstance(value, dict):
        return {key: _spelled(part, keeps) for key, part in value.items()}
    return [_spelled(part, keeps) for part in value] if isinstance(value, list) else value


def _everything(character: str) -> bool:
    return True


def _latin(character: str) -> bool:
    return ord(character) < 0x180 or character in PRINTABLE


def _compile(folder: Path, timestamp: int) -> bytes:
    fonts = settings.ASSETS_DIR / "uswds" / "fonts"
    font_paths = [fonts] if fonts.is_dir() else []
    return compile_pdf(folder / "main.typ", timestamp=timestamp, font_paths=font_paths, standards=STANDARDS)


def _widths(section: Section) -> list[float]:
    """How wide each column of a part is, in points: its longest word fits, and what is left goes where most is said."""
    columns = [[heading, *(row[place] for row in section.rows)] for place, heading in enumerate(section.columns)]
    least = [AROUND + LETTER * max(_longest(cell) for cell in cells) for cells in columns]
    said = [min(sum(map(len, cells)) / len(cells), MOST_SAID) for cells in columns]
    left = max(PAPER - sum(least), 0)
    return [round(narrow + left * of / sum(said), 1) for narrow, of in zip(least, said, strict=True)]


def _longest(cell: str) -> int:
    """The letters that stand together at least; a hash or an address is broken (packet.typ)."""
    return max((len(word) if len(word) <= LONGEST_WORD else BROKEN for word in cell.split()), default=1)


def _pictures(application: WarrantApplication, listed: list[Candidate]) -> dict[str, bytes]:
    candidate = application.lead.candidate
    probe = candidate.search.probe.file
    return {
        "probe.jpg": _face(probe, candidate.search.face["box"]),
        "candidate.jpg": _face(candidate.face.photo.file, candidate.face.box),
        **{f"rank-{one.rank}.jpg": _face(one.face.photo.file, one.face.box, RANKED_SIDE) for one in listed},
    }


def _face(stored: StoredFile | None, box: list[float], side: int = PICTURE_SIDE) -> bytes:
    """A face, or a gray field for a synthetic gallery entry, which has no picture. Raises PictureNotReady."""
    if stored is None:
        return NO_PICTURE
    return cut_out(stored, box, room=ROOM, side=side)
