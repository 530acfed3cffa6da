"""Sections of a code by their number, however the code before it is written."""

import re

NUMBER = re.compile(r"[0-9][0-9.-]*(?:[(][a-z0-9]+[)])*")


def number_of(section: str) -> str:
    """The letters and digits of a section's number: Mun. Code 11.40.040 and Municipal Code 11.40.040 are one.

    The database asks the same (`parking.models.citation_guards.number_of`).
    """
    plain = re.sub("[^a-z0-9.()-]", "", section.lower())
    found = NUMBER.search(plain)
    return re.sub("[^a-z0-9]", "", found[0] if found else plain)
