"""The packet as a tagged PDF, byte-identical for the same records (typst)."""

import json
import tempfile
from pathlib import Path

import typst
from django.conf import settings

from cases import vault
from leads.models import WarrantApplication
from leads.models.lead import LEAD_ONLY
from leads.packet.content import sections_of
from leads.recognition.engine import crop
from leads.recognition.intake import as_jpeg, read_image

TEMPLATE = Path(__file__).parent / "packet.typ"
PICTURE_SIDE = 700


def packet_pdf(application: WarrantApplication) -> bytes:
    """The whole packet as PDF/UA-1."""
    content = {
        "number": application.number,
        "case": application.case.case_number,
        "offense": str(application.case.offense),
        "person": application.lead.person.name,
        "lead": application.lead.number,
        "warning": LEAD_ONLY,
        "sections": [vars(section) for section in sections_of(application)],
    }
    files = {
        "main.typ": TEMPLATE.read_bytes(),
        "content.json": json.dumps(content, ensure_ascii=False).encode(),
        **_pictures(application),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return _compile(Path(folder), int(application.submitted_at.timestamp()))


def _compile(folder: Path, timestamp: int) -> bytes:
    fonts = settings.ASSETS_DIR / "uswds" / "fonts"
    return typst.compile(
        folder / "main.typ",
        root=folder,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=timestamp,
        font_paths=[fonts] if fonts.is_dir() else [],
        ignore_system_fonts=True,
    )


def _pictures(application: WarrantApplication) -> dict[str, bytes]:
    candidate = application.lead.candidate
    probe = read_image(vault.read(candidate.search.probe.file))
    shown = read_image(vault.read(candidate.face.photo.file))
    return {
        "probe.jpg": as_jpeg(crop(probe, candidate.search.face["box"]), max_side=PICTURE_SIDE),
        "candidate.jpg": as_jpeg(crop(shown, candidate.face.box), max_side=PICTURE_SIDE),
    }
