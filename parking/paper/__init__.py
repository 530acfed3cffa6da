"""Papers of parking as PDF, byte-identical for the same content (typst)."""
