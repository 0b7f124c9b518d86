"""A program and its instructions; building calls of them."""
