"""Pages of cases: thin; services write, selectors read."""
