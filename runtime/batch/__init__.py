"""Many calls of one instruction in one go: row by row in a generated loop, or vectorized."""
