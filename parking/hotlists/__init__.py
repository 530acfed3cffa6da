"""Hotlists without Django: the file they come in and how a read is compared with an entry."""
