"""Constant-product pools with all that Uniswap v2's pairs, library and router do."""
