"""Policy rules of leads; importing the modules registers them."""

from leads.rules import gallery, lead, review, search, self_opened, warrant

__all__ = ["gallery", "lead", "review", "search", "self_opened", "warrant"]
