"""Sightings joined into stays, and stays measured against kerb rules. Pure functions; knows no Django."""
