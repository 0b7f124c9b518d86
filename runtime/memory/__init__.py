"""The memory that lanes share while a block executes."""
