"""A part of a packet, and how its moments and lists of searches are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ecpd.web.words import moment


@dataclass(frozen=True)
class Section:
    """A numbered part: heading, paragraphs, and rows of a table with its headings."""

    heading: str
    paragraphs: list[str]
    columns: list[str]
    rows: list[list[str]]

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row's cells with their headings, for a narrow screen that shows a row as a record."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def at(value: datetime) -> str:
    """With its zone: the packet is read by people who see no page of ours."""
    return f"{moment(value)} {timezone.localtime(value):%Z}"


def numbers(of: Sequence[str], everything: int) -> str:
    """Searches by their numbers; all of them in one word."""
    return "every search" if len(of) == everything > 1 else ", ".join(of)
