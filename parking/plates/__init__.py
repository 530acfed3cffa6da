"""Licence plates: their letters, look-alikes, and a second opinion from the picture. Knows no models."""
