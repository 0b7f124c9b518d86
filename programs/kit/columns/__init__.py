"""Columns: one value for each transaction of a group, computed at once."""
