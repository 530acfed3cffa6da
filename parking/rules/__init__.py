"""Policy rules of parking; importing the modules registers them."""

from parking.rules import (
    abandoned,
    access,
    alert,
    citation,
    contest,
    exemption,
    hotlist,
    ingest,
    permit,
    plan,
    share,
    tow,
    violation,
    zone,
)

__all__ = [
    "abandoned",
    "access",
    "alert",
    "citation",
    "contest",
    "exemption",
    "hotlist",
    "ingest",
    "permit",
    "plan",
    "share",
    "tow",
    "violation",
    "zone",
]
