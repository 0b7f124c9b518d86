"""Strict reading of files: bounded, and able to locate every value for error messages."""
