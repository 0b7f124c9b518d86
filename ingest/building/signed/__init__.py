"""Signatures in fixtures: what they are of, and how they get there."""
