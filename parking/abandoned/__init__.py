"""Abandoned and stored vehicles, as pure functions: clocks, grounds, stays over days. Knows no models."""
