"""What a handler declares, and what it is given when it runs."""
