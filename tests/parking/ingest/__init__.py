"""Deliveries of plate readers: the canonical batch, three makers' formats, deduplication."""
