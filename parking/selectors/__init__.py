"""Parking: selectors."""
