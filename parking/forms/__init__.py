"""Parking: forms."""
