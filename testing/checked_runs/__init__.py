"""Whole files run and checked: fixtures, stores as fixtures, recorded blocks."""
