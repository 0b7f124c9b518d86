"""Which route a block takes, on how many lanes, and what came of it."""
