"""What a handler declares, must hold to, and is given."""
