"""Parking: services."""
