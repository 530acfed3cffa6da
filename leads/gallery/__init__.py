"""Reading photos for the gallery. Knows nothing of HTTP."""
