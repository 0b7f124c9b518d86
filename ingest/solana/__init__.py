"""Solana blocks as returned by `getBlock`: locks, costs, balances."""
