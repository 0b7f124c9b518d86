"""Columns of accounts, keys and bytes as numpy arrays, and operations on them."""
