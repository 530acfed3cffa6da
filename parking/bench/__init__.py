"""Measurements of parking, printed by `make bench`: a simulated day with known truth, and reads a second over HTTP."""
