"""Pages of leads, one module a room."""
