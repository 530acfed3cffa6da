"""Every write to gallery, searches, reviews, leads and applications, one module a concept."""
