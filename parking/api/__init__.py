"""Parking: api."""
