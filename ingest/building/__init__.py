"""A fixture and its programs, made into a block."""
