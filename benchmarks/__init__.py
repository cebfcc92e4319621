"""How fast LED is, as ratios of two things that are timed in the same run: see __main__.py."""
