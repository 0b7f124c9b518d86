"""Commitments to the state: what a root is over, and how the next one follows from the last."""
