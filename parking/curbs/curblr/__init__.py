"""CurbLR 1.x (SharedStreets), the parent of CDS policies: surveyed regulations along a street's center line."""

from parking.curbs.curblr.read import read_curblr

__all__ = ["read_curblr"]
