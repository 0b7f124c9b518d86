"""Stake pools: staked lamports of many, with a token on them."""
