"""Alternatives to Sealane, doing the same work."""
