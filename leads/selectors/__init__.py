"""Every read of leads, scoped to the person."""
