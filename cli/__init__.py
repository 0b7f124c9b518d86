"""The command `sealane`: parse, call, render. No logic of its own."""
