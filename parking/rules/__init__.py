"""Policy rules of parking; importing the modules registers them."""

from parking.rules import access, alert, ingest

__all__ = ["access", "alert", "ingest"]
