"""accounts: see docs/architecture.md."""
