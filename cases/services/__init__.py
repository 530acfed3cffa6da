"""Every write to cases, one module a concept."""
