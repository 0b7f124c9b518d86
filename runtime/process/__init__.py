"""What belongs to an operating-system process: signals, children, limits, the fork server."""
