"""Pools on the curves of SPL token-swap: constant product, constant price, offset."""
