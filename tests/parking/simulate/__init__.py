"""The simulated patrol: that it is the same for a seed, errs as asked, and knows the truth."""
