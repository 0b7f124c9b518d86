"""Building a block from a fixture and its programs."""
