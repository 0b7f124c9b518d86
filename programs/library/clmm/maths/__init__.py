"""Fixed-point maths of prices, ticks and amounts. Pure functions of integers of any size."""
