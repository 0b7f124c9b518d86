"""Reads what Ethereum's nodes and tests say about a block. Nothing is imported from here."""
