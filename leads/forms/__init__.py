"""Forms of leads, one module a room."""
