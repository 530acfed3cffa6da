"""Images in; boxes, quality, templates and match scores out. Knows nothing of Django."""
