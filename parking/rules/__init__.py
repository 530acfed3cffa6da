"""Policy rules of parking; importing the modules registers them."""

from parking.rules import (
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
    violation,
    zone,
)

__all__ = [
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
    "violation",
    "zone",
]
