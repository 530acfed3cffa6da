"""Plate reads as devices send them, turned into canonical reads. Pure functions; knows no models."""
