"""Curb rules as data: zones, policies, the formats they come in, and what they say at a moment. Knows no Django."""
