"""stdout, stderr, signals and exit codes."""
