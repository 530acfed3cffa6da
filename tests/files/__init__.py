"""Files go with their rows."""
