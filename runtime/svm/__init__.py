"""The rules: one transaction executed as the chain would, and the serial oracle."""
