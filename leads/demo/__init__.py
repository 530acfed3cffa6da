"""The demo agency: invented people and cases, faces that installed packages ship, fillers marked synthetic."""
