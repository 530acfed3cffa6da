"""Permits as pure functions: plates over time, households, prices, lists. Knows no Django."""
