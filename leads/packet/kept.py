"""A packet's paper, made once for each state of its parts, and kept: whoever opens it then gets the same bytes."""

import os
import tempfile
from dataclasses import asdict
from io import BufferedReader
from pathlib import Path

from django.conf import settings

from ecpd.ownership import settle
from ecpd.policy.shown import digest
from leads.models import WarrantApplication
from leads.packet.content import parts_of, version_of
from leads.packet.pdf import packet_pdf
from leads.packet.section import Section


def kept_packet(application: WarrantApplication, sections: list[Section]) -> BufferedReader:
    """The PDF of these parts, open for reading; made when nobody made it yet. Raises what `packet_pdf` raises.

    A version can have several papers: the list of decisions, which is no part of it, grows by what is refused.
    """
    final = _place(application, sections)
    if not final.exists():
        _keep(final, packet_pdf(application, sections))
    return final.open("rb")


def _place(application: WarrantApplication, sections: list[Section]) -> Path:
    version, all_of_it = version_of(parts_of(sections)), digest([asdict(section) for section in sections])
    return Path(settings.MEDIA_ROOT) / "packets" / f"{application.number}-{version[:16]}-{all_of_it}.pdf"


def _keep(final: Path, paper: bytes) -> None:
    """In one step; of two that are made at the same time the first stays, so that nobody gets another one."""
    final.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=final.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(paper)
        os.link(fresh, final)
        settle(final, Path(settings.MEDIA_ROOT))
    except FileExistsError:
        pass
    finally:
        os.unlink(fresh)
