"""Measuring sides in rounds: scenarios, outcomes, and the machine they ran on."""
