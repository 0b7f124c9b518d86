"""Operating-system processes: signals, children, limits, the fork server."""
