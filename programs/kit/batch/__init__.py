"""The values that a batch handler works on, and checks of its code."""
