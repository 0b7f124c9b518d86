"""Measurement in rounds: scenarios, outcomes, and the machine."""
