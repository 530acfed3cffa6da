"""Comparing one template with the gallery. Knows nothing of HTTP."""
