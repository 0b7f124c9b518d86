"""What a batch handler works on, and what it must not do."""
