"""Calls a scalar handler row by row, in a loop that is generated for the form of its calls."""
