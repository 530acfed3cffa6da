"""Policy rules of leads; importing the modules registers them."""

from leads.rules import gallery, lead, review, search, warrant

__all__ = ["gallery", "lead", "review", "search", "warrant"]
