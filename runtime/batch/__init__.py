"""Executes many calls of one instruction together: in a generated row loop, or vectorized."""
