"""stdout, stderr, signals, and how a command ends."""
