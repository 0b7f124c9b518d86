"""Dependency mappings: what messages and calls of contracts are declared to do."""
