"""Chooses a block's route and its number of lanes, executes it, and returns the result."""
