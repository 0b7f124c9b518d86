"""Figures of staking, apart from accounts: for ints of any size and for columns alike."""
