"""The committed state, its root, and what a block changed in it."""
