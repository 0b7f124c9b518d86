"""Solana blocks as `getBlock` answers them: locks, costs, balances, and their replay."""
