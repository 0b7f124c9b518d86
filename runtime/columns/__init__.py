"""Columns of accounts, keys and bytes: arrays, and how to move them."""
