"""The suite. Runs against the embedded PostgreSQL, with the privileges of the application's own role."""
