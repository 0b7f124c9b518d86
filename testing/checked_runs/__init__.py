"""Running and checking whole files: fixtures, stores as fixtures, recorded blocks."""
