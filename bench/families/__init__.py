"""The scenarios, one file per family."""
