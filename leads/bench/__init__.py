"""Measuring a search: the SQL scan beside NumPy, and the time from the click to the candidates."""
