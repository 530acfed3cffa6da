"""Parking: views."""
