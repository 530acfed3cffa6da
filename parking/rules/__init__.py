"""Policy rules of parking; importing the modules registers them."""

from parking.rules import access, alert, citation, contest, ingest, plan, violation

__all__ = ["access", "alert", "citation", "contest", "ingest", "plan", "violation"]
