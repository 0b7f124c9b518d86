"""Liquidation: unsafe positions, and the auctions that sell their collateral."""
