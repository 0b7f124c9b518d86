"""The documents that commands print as JSON, and exports for other tools."""
